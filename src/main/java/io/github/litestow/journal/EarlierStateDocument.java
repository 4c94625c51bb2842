package io.github.litestow.journal;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.github.litestow.outcome.RestorePoint;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import java.util.Optional;

/**
 * The part of {@code state.json} in which an earlier version wrote what is known of the local
 * database: four fields, whose combination is one case of {@link LocalDatabase}.
 *
 * @param lineage the database's descent, while it had one
 * @param offloading the restore point whose deletion was under way
 * @param placing the restored file that was on its way to the database's place
 * @param offloaded whether the last thing that happened was the deletion
 */
@RegisterForReflection
@JsonIgnoreProperties(ignoreUnknown = true)
record EarlierStateDocument(
        Optional<Lineage> lineage, Optional<String> offloading, Optional<Placing> placing, boolean offloaded) {

    /** The names of the four fields. */
    static final List<String> FIELDS = List.of("lineage", "offloading", "placing", "offloaded");

    /** A restored file, what the database descends from once it is there, and the head accepted with it. */
    record Placing(String file, Lineage lineage, RestorePoint head) {}

    /** Returns the one case. A deletion and a restore were never under way together. */
    LocalDatabase local() {
        LocalDatabase.Settled settled = settled();
        if (placing.isPresent()) {
            Placing file = placing.get();
            return new LocalDatabase.Restoring(
                    file.file(), new LocalDatabase.Descends(file.lineage()), file.head(), settled);
        }
        return offloading
                .<LocalDatabase>map(txid -> new LocalDatabase.Deleting(txid, Optional.empty(), settled))
                .orElse(settled);
    }

    private LocalDatabase.Settled settled() {
        if (lineage.isPresent()) {
            return new LocalDatabase.Descends(lineage.get());
        }
        return offloaded ? new LocalDatabase.Offloaded() : new LocalDatabase.Unknown();
    }
}
