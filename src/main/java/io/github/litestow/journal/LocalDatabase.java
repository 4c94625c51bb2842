package io.github.litestow.journal;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.sqlite.LocalFile;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Objects;
import java.util.Optional;

/**
 * What is known of the file at the database's path: exactly one of these cases. What it is after a
 * process was cut off follows from the case and from what is found there, and from nothing else
 * ({@link #after}).
 *
 * <p>Immutable. As JSON, the case is the property {@code state}.
 */
@RegisterForReflection
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "state")
@JsonSubTypes({
    @JsonSubTypes.Type(value = LocalDatabase.Unknown.class, name = "unknown"),
    @JsonSubTypes.Type(value = LocalDatabase.Descends.class, name = "descends"),
    @JsonSubTypes.Type(value = LocalDatabase.Offloaded.class, name = "offloaded"),
    @JsonSubTypes.Type(value = LocalDatabase.Restoring.class, name = "restoring"),
    @JsonSubTypes.Type(value = LocalDatabase.Deleting.class, name = "deleting")
})
public sealed interface LocalDatabase {

    /** Returns what is known as long as nothing under way is known to have ended. */
    Settled settled();

    /**
     * Returns what is known once a run looks at what a process before it left. Pure.
     *
     * @param found what is at the database's path
     * @param fileId which file that is; empty when there is none
     */
    Settled after(LocalFile.State found, Optional<String> fileId);

    /**
     * Returns what is known once it is decided whether a restore put its file at the path; all else is
     * left as it is. Pure.
     *
     * @param fileId which file is there; empty when there is none
     */
    default LocalDatabase restoreDecided(Optional<String> fileId) {
        return this;
    }

    /** Returns the replica's head that is accepted with this file at the path, if a restore put it there. */
    default Optional<RestorePoint> acceptedHead(Optional<String> fileId) {
        return Optional.empty();
    }

    /** The cases in which nothing is under way. */
    sealed interface Settled extends LocalDatabase {
        @Override
        default Settled settled() {
            return this;
        }

        /** Returns from what the file at the path descends, if that is known. */
        default Optional<Lineage> descent() {
            return Optional.empty();
        }
    }

    /** Nothing is known: a file at the path has no lineage. */
    record Unknown() implements Settled {
        @Override
        public Settled after(LocalFile.State found, Optional<String> fileId) {
            return found == LocalFile.State.MARKED ? new Offloaded() : this;
        }
    }

    /** The file at the path descends from the replica's head. */
    record Descends(Lineage lineage) implements Settled {
        public Descends {
            Objects.requireNonNull(lineage);
        }

        @Override
        public Settled after(LocalFile.State found, Optional<String> fileId) {
            return switch (found) {
                // The mark is written after the proof and the intent: it says "deleted" by itself.
                case MARKED -> new Offloaded();
                // Gone without us: whatever appears there descends from nothing.
                case MISSING -> new Unknown();
                case EMPTY, DATABASE, FOREIGN -> this;
            };
        }

        @Override
        public Optional<Lineage> descent() {
            return Optional.of(lineage);
        }
    }

    /** The last thing that happened to the database was its deletion, on proof. */
    record Offloaded() implements Settled {
        @Override
        public Settled after(LocalFile.State found, Optional<String> fileId) {
            return this;
        }
    }

    /**
     * A restored file is on its way to the path. Whether it got there is said by the file itself, so
     * that a restore that is cut off right after needs no hand work.
     *
     * @param fileId which file it is, opaque
     * @param then what is known once that file is at the path
     * @param head the replica's head that is accepted with it
     * @param before what is known as long as it is not
     */
    record Restoring(String fileId, Descends then, RestorePoint head, Settled before) implements LocalDatabase {
        public Restoring {
            Objects.requireNonNull(fileId);
            Objects.requireNonNull(then);
            Objects.requireNonNull(head);
            Objects.requireNonNull(before);
        }

        @Override
        public Settled settled() {
            return before;
        }

        @Override
        public Settled restoreDecided(Optional<String> id) {
            return installed(id) ? then : before;
        }

        @Override
        public Settled after(LocalFile.State found, Optional<String> id) {
            return restoreDecided(id).after(found, id);
        }

        @Override
        public Optional<RestorePoint> acceptedHead(Optional<String> id) {
            return installed(id) ? Optional.of(head) : Optional.empty();
        }

        private boolean installed(Optional<String> id) {
            return id.filter(fileId::equals).isPresent();
        }
    }

    /**
     * The database is about to be deleted, on proof.
     *
     * @param txid the restore point that is proven
     * @param fileId which file it is, opaque; an earlier version did not say
     * @param before what is known if it is not deleted
     */
    record Deleting(String txid, Optional<String> fileId, Settled before) implements LocalDatabase {
        public Deleting {
            Objects.requireNonNull(txid);
            Objects.requireNonNull(before);
        }

        @Override
        public Settled settled() {
            return before;
        }

        @Override
        public Settled after(LocalFile.State found, Optional<String> id) {
            return switch (found) {
                // Empty: it was deleted, and an application's connect made a new file without a byte.
                case MARKED, MISSING, EMPTY -> new Offloaded();
                // Another file than ours descends from nothing: ours was deleted, or replaced by it.
                case DATABASE, FOREIGN -> fileId.isEmpty() || fileId.equals(id) ? before : new Offloaded();
            };
        }
    }
}
