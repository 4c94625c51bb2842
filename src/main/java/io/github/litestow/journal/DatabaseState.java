package io.github.litestow.journal;

import com.fasterxml.jackson.annotation.JsonAlias;
import io.github.litestow.outcome.Assurance;
import io.github.litestow.outcome.Operation;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.outcome.RunRecord;
import io.github.litestow.outcome.RunStatistics;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where one database stands: everything that must survive a restart. Immutable; {@link
 * Journal#change} makes the next one.
 *
 * @param replicaId the replica's identity as last seen; an empty replica is not believed once it is
 *     known to have held something
 * @param lineage the local database's descent, while it has one
 * @param offloading the restore point whose deletion is under way
 * @param placing the restored file that is on its way to the database's place
 * @param offloaded whether the last thing that happened to the local database was its deletion
 * @param attributes owner and mode of the database when it was last seen whole, opaque
 * @param newest the newest confirmed restore point
 * @param newestProven the newest proven restore point
 * @param provenAt when it was proven here last, which may be later than it was made
 * @param conditionalWrites whether the replica's store was seen to let exactly one of two writers win
 * @param unrecorded restore points that the replica's own record lacks so far
 * @param lastSuccess the last successful run of each operation
 * @param lastFailure the last failed run of each operation
 * @param figures what was measured last
 */
@RegisterForReflection
public record DatabaseState(
        Optional<String> replicaId,
        Optional<Lineage> lineage,
        Optional<String> offloading,
        Optional<PendingInstall> placing,
        boolean offloaded,
        Optional<String> attributes,
        Optional<RestorePoint> newest,
        Optional<RestorePoint> newestProven,
        Optional<Instant> provenAt,
        @JsonAlias("decidesRaces") Optional<Boolean> conditionalWrites,
        List<RestorePoint> unrecorded,
        Map<Operation, RunRecord> lastSuccess,
        Map<Operation, RunRecord> lastFailure,
        RunStatistics figures) {

    /** Copies the collections; what an earlier version wrote has no figures. */
    public DatabaseState {
        unrecorded = List.copyOf(unrecorded);
        lastSuccess = Map.copyOf(lastSuccess);
        lastFailure = Map.copyOf(lastFailure);
        figures = figures == null ? RunStatistics.NONE : figures;
    }

    /** A database of which nothing is known yet. */
    static DatabaseState unknown() {
        return new Draft().state();
    }

    /** The next state in the making. Confined to one {@link Journal#change}. */
    public static final class Draft {
        private Optional<String> replicaId = Optional.empty();
        private Optional<Lineage> lineage = Optional.empty();
        private Optional<String> offloading = Optional.empty();
        private Optional<PendingInstall> placing = Optional.empty();
        private boolean offloaded;
        private Optional<String> attributes = Optional.empty();
        private Optional<RestorePoint> newest = Optional.empty();
        private Optional<RestorePoint> newestProven = Optional.empty();
        private Optional<Instant> provenAt = Optional.empty();
        private Optional<Boolean> conditionalWrites = Optional.empty();
        private List<RestorePoint> unrecorded = new ArrayList<>();
        private final Map<Operation, RunRecord> lastSuccess = new EnumMap<>(Operation.class);
        private final Map<Operation, RunRecord> lastFailure = new EnumMap<>(Operation.class);
        private RunStatistics figures = RunStatistics.NONE;

        private Draft() {}

        Draft(DatabaseState from) {
            replicaId = from.replicaId;
            lineage = from.lineage;
            offloading = from.offloading;
            placing = from.placing;
            offloaded = from.offloaded;
            attributes = from.attributes;
            newest = from.newest;
            newestProven = from.newestProven;
            provenAt = from.provenAt;
            conditionalWrites = from.conditionalWrites;
            unrecorded.addAll(from.unrecorded);
            lastSuccess.putAll(from.lastSuccess);
            lastFailure.putAll(from.lastFailure);
            figures = from.figures;
        }

        /** The replica was seen to be this one. */
        public Draft replicaId(String id) {
            replicaId = Optional.of(id);
            return this;
        }

        /** The replica is another one: what was confirmed and proven elsewhere says nothing of it. */
        public Draft anotherReplica() {
            replicaId = Optional.empty();
            newest = Optional.empty();
            newestProven = Optional.empty();
            provenAt = Optional.empty();
            conditionalWrites = Optional.empty();
            unrecorded = new ArrayList<>();
            return this;
        }

        /** The local database descends from this head. */
        public Draft descends(Lineage from) {
            lineage = Optional.of(from);
            offloading = Optional.empty();
            placing = Optional.empty();
            offloaded = false;
            return this;
        }

        /** A restored file is about to be put in the database's place. */
        public Draft placing(PendingInstall file) {
            placing = Optional.of(file);
            return this;
        }

        /** That file stands there, or it does not and never will. */
        public Draft placed(boolean there) {
            Optional<PendingInstall> was = placing;
            placing = Optional.empty();
            return there && was.isPresent()
                    ? headAccepted(was.get().head()).descends(was.get().lineage())
                    : this;
        }

        /** The local database is gone or was replaced: whatever appears there descends from nothing. */
        public Draft lineageEnds() {
            lineage = Optional.empty();
            return this;
        }

        /** The local database is about to be deleted on the proof of this transaction. */
        public Draft offloading(String txid) {
            offloading = Optional.of(txid);
            return this;
        }

        /** The deletion that was under way did not happen. */
        public Draft notOffloading() {
            offloading = Optional.empty();
            return this;
        }

        /** The local database is deleted, on proof. */
        public Draft offloaded() {
            offloading = Optional.empty();
            lineage = Optional.empty();
            offloaded = true;
            return this;
        }

        /** Owner and mode of the database, opaque. */
        public Draft attributes(String text) {
            attributes = Optional.of(text);
            return this;
        }

        /** A restore point was made, or is now known better. */
        public Draft point(RestorePoint point) {
            known(point);
            unrecorded.removeIf(other -> other.txid().equals(point.txid()));
            unrecorded.add(point);
            return this;
        }

        /** The newest proven point was proven at this time. */
        public Draft provenAt(Instant time) {
            provenAt = Optional.of(time);
            return this;
        }

        /** The replica's store lets exactly one of two writers win, or it does not. */
        public Draft conditionalWrites(boolean decides) {
            conditionalWrites = Optional.of(decides);
            return this;
        }

        /** The replica's own record holds this point. */
        public Draft known(RestorePoint point) {
            if (newest.isEmpty() || newest.get().compareTo(point) <= 0) {
                newest = Optional.of(point);
            }
            boolean proven = point.assurance() != Assurance.CONFIRMED;
            if (proven && (newestProven.isEmpty() || newestProven.get().compareTo(point) <= 0)) {
                newestProven = Optional.of(point);
            }
            return this;
        }

        /** The replica ends here, and that was accepted: whatever was newer is lost. */
        public Draft headAccepted(RestorePoint head) {
            if (newest.isEmpty() || newest.get().compareTo(head) > 0) {
                newest = Optional.of(head);
            }
            newestProven = newestProven.filter(point -> point.compareTo(head) <= 0);
            if (newestProven.isEmpty()) {
                // What was proven is lost, so that the next proof is due at once.
                provenAt = Optional.empty();
            }
            unrecorded.removeIf(point -> point.compareTo(head) > 0);
            return this;
        }

        /** The replica's own record holds everything up to now. */
        public Draft recorded() {
            unrecorded = new ArrayList<>();
            return this;
        }

        Draft ended(RunRecord run) {
            figures = run.figures().over(figures);
            if (run.result().success()) {
                lastSuccess.put(run.operation(), run);
            } else if (run.result() instanceof Outcome.Failed) {
                lastFailure.put(run.operation(), run);
            }
            return this;
        }

        DatabaseState state() {
            return new DatabaseState(
                    replicaId,
                    lineage,
                    offloading,
                    placing,
                    offloaded,
                    attributes,
                    newest,
                    newestProven,
                    provenAt,
                    conditionalWrites,
                    unrecorded,
                    lastSuccess,
                    lastFailure,
                    figures);
        }
    }
}
