package io.github.litestow.outcome;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * A run that has not ended yet, as seen at one moment.
 *
 * @param id the id that its {@link RunRecord} will have
 * @param database the database's name in the settings
 * @param operation what was asked for
 * @param trigger what asked, as in {@link RunRecord}
 * @param started when it began
 * @param step its step, as a label
 * @param progress how far the long part has come; empty between long parts
 */
@RegisterForReflection
public record RunInProgress(
        String id,
        String database,
        Operation operation,
        String trigger,
        Instant started,
        String step,
        Optional<Progress> progress) {

    /** What another process shows of its run is whole, or it is passed over. */
    public RunInProgress {
        Objects.requireNonNull(id);
        Objects.requireNonNull(database);
        Objects.requireNonNull(operation);
        Objects.requireNonNull(trigger);
        Objects.requireNonNull(started);
        Objects.requireNonNull(step);
        progress = progress == null ? Optional.empty() : progress;
    }

    /** Returns for example {@code restore by start-up at restore: restoring 10 of 20 bytes (50%)}. */
    public String words() {
        return operation.label() + " by " + trigger + " at " + step
                + progress.map(far -> ": " + far.words()).orElse("");
    }
}
