package io.github.litestow.outcome;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Locale;
import java.util.Optional;

/**
 * How a run ended. Each case is a promise kept or a reason given; there is no "probably".
 *
 * <p>Immutable. As JSON, the case is the property {@code outcome}, with the label as its value.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "outcome")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Outcome.Offloaded.class, name = "offloaded"),
    @JsonSubTypes.Type(value = Outcome.Snapshotted.class, name = "snapshotted"),
    @JsonSubTypes.Type(value = Outcome.Unchanged.class, name = "unchanged"),
    @JsonSubTypes.Type(value = Outcome.Restored.class, name = "restored"),
    @JsonSubTypes.Type(value = Outcome.AlreadyPresent.class, name = "already_present"),
    @JsonSubTypes.Type(value = Outcome.NothingToRestore.class, name = "nothing_to_restore"),
    @JsonSubTypes.Type(value = Outcome.NothingToSnapshot.class, name = "nothing_to_snapshot"),
    @JsonSubTypes.Type(value = Outcome.Verified.class, name = "verified"),
    @JsonSubTypes.Type(value = Outcome.Skipped.class, name = "skipped"),
    @JsonSubTypes.Type(value = Outcome.Failed.class, name = "failed")
})
@RegisterForReflection
public sealed interface Outcome {

    /** The cases, for a {@code switch} that the compiler holds to be complete. */
    enum Case {
        OFFLOADED,
        SNAPSHOTTED,
        UNCHANGED,
        RESTORED,
        ALREADY_PRESENT,
        NOTHING_TO_RESTORE,
        NOTHING_TO_SNAPSHOT,
        VERIFIED,
        SKIPPED,
        FAILED;

        /** Returns the label used in metrics and JSON, for example {@code already_present}. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Returns which case this is. */
    Case which();

    /** Returns the sentence for a person, without a full stop. */
    String words();

    /** Returns the label used in metrics and JSON. */
    default String label() {
        return which().label();
    }

    /** Returns the restore point this outcome speaks of, if it has one. */
    default Optional<RestorePoint> restorePoint() {
        return Optional.empty();
    }

    /** Returns whether something was achieved: local and replica are known to agree at a point. */
    default boolean success() {
        return restorePoint().isPresent();
    }

    /** Returns whether local database and replica agreed when the run began, or came to since. */
    default boolean agreed() {
        return success();
    }

    /** Returns why a snapshot left the local database where it was, if it did. */
    default Optional<Kept> keptBecause() {
        return Optional.empty();
    }

    /** Returns why the run did not start, if it did not. */
    default Optional<String> skipReason() {
        return Optional.empty();
    }

    /** Returns the failure, if the run failed. */
    default Optional<Failed> failure() {
        return Optional.empty();
    }

    /** Returns whether the replica was listed and holds no restore point at all. */
    default boolean emptyReplica() {
        return false;
    }

    /** The cases that speak of a restore point. */
    sealed interface AtPoint extends Outcome {
        /** Returns the restore point. */
        RestorePoint point();

        @Override
        default Optional<RestorePoint> restorePoint() {
            return Optional.of(point());
        }
    }

    /** The point is proven and the local database is deleted. */
    record Offloaded(RestorePoint point) implements AtPoint {
        @Override
        public Case which() {
            return Case.OFFLOADED;
        }

        @Override
        public String words() {
            return "offloaded " + point.txid() + ": proven, local copy deleted";
        }
    }

    /** The point is confirmed or proven; {@code kept} says why the local database stayed. */
    record Snapshotted(RestorePoint point, Kept kept) implements AtPoint {
        @Override
        public Case which() {
            return Case.SNAPSHOTTED;
        }

        @Override
        public String words() {
            return "snapshot " + point.txid() + " " + point.assurance().label() + ", local copy " + kept.words();
        }

        @Override
        public Optional<Kept> keptBecause() {
            return Optional.of(kept);
        }
    }

    /** Nothing was written since {@code point}; nothing was uploaded. */
    record Unchanged(RestorePoint point) implements AtPoint {
        @Override
        public Case which() {
            return Case.UNCHANGED;
        }

        @Override
        public String words() {
            return "unchanged since " + point.txid() + ", nothing uploaded";
        }
    }

    /**
     * A file is the replica's {@code point}, integrity-checked.
     *
     * @param elsewhere whether it is another file than the local database
     * @param notChecked what kept SQLite from checking it in full; empty when nothing did
     */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record Restored(RestorePoint point, boolean elsewhere, Optional<String> notChecked) implements AtPoint {
        /** The local database, checked in full. */
        public Restored(RestorePoint point) {
            this(point, false, Optional.empty());
        }

        @Override
        public boolean success() {
            return !elsewhere;
        }

        @Override
        public Case which() {
            return Case.RESTORED;
        }

        @Override
        public String words() {
            return "restored " + point.txid() + (notChecked.isEmpty() ? ", integrity checked" : ", checksums checked");
        }
    }

    /** A local database was there and was left alone. */
    record AlreadyPresent() implements Outcome {
        @Override
        public Case which() {
            return Case.ALREADY_PRESENT;
        }

        @Override
        public String words() {
            return "a local database is there and was left alone";
        }
    }

    /**
     * The replica was listed and holds nothing that was asked for.
     *
     * @param first the oldest restore point there is, when what was asked for is older still or not
     *     among them; empty when there is none at all: a true first start
     * @param wanted the transaction that was asked for by its id
     */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record NothingToRestore(Optional<RestorePoint> first, Optional<String> wanted) implements Outcome {
        @Override
        public Case which() {
            return Case.NOTHING_TO_RESTORE;
        }

        @Override
        public String words() {
            return "the replica holds no restore point"
                    + wanted.map(txid -> " " + txid).orElse(first.isPresent() ? " that old" : "")
                    + first.map(point -> ", the first is " + point.words()).orElse("") + ": nothing to restore";
        }

        @Override
        public boolean emptyReplica() {
            return first.isEmpty();
        }
    }

    /**
     * There is no local database.
     *
     * @param replicaEndsAt the transaction with which the replica of an offloaded one was seen to end, as it should;
     *     empty when nothing of it was looked at
     */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record NothingToSnapshot(Optional<String> replicaEndsAt) implements Outcome {
        /** Nothing is at the replica either, or nobody looked. */
        public NothingToSnapshot() {
            this(Optional.empty());
        }

        @Override
        public Case which() {
            return Case.NOTHING_TO_SNAPSHOT;
        }

        @Override
        public String words() {
            return "no local database"
                    + replicaEndsAt
                            .map(txid -> ", and its replica still ends at " + txid)
                            .orElse("")
                    + ": nothing to snapshot";
        }
    }

    /** The point was restored to scratch and checked; {@code agreed}: and compared with a local database. */
    record Verified(
            RestorePoint point, @JsonProperty("compared") boolean agreed) implements AtPoint {
        @Override
        public Case which() {
            return Case.VERIFIED;
        }

        @Override
        public String words() {
            return "verified " + point.txid()
                    + (agreed ? "" : ": restored and checked, no local database to compare with");
        }
    }

    /** The run did not start. */
    record Skipped(String reason) implements Outcome {
        @Override
        public Case which() {
            return Case.SKIPPED;
        }

        @Override
        public String words() {
            return "skipped: " + reason;
        }

        @Override
        public Optional<String> skipReason() {
            return Optional.of(reason);
        }
    }

    /** The run failed at {@code step}; every committed row is still where the application looks. */
    record Failed(FailureKind kind, String step, String cause, String hint) implements Outcome {
        @Override
        public Case which() {
            return Case.FAILED;
        }

        @Override
        public String words() {
            return "FAILED at " + step + ", " + kind.label() + ": " + cause + ". " + hint;
        }

        @Override
        public Optional<Failed> failure() {
            return Optional.of(this);
        }
    }
}
