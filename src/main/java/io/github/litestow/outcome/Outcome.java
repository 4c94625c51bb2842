package io.github.litestow.outcome;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.Optional;

/**
 * How a run ended. Each case is a promise kept or a reason given; there is no "probably".
 *
 * <p>Immutable. As JSON, the case is the property {@code outcome} in lower snake case.
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
public sealed interface Outcome {

    /** The cases that speak of a restore point. */
    sealed interface AtPoint extends Outcome {
        /** Returns the restore point. */
        RestorePoint point();
    }

    /** The point is proven and the local database is deleted. */
    record Offloaded(RestorePoint point) implements AtPoint {}

    /** The point is confirmed or proven; {@code kept} says why the local database stayed. */
    record Snapshotted(RestorePoint point, Kept kept) implements AtPoint {}

    /** Nothing was written since {@code point}; nothing was uploaded. */
    record Unchanged(RestorePoint point) implements AtPoint {}

    /** The local database is the replica's {@code point}, integrity-checked. */
    record Restored(RestorePoint point) implements AtPoint {}

    /** A local database was there and was left alone. */
    record AlreadyPresent() implements Outcome {}

    /**
     * The replica was listed and holds nothing that was asked for.
     *
     * @param first the oldest restore point there is, when what was asked for is older still; empty
     *     when there is none at all: a true first start
     */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record NothingToRestore(Optional<RestorePoint> first) implements Outcome {
        /** Returns whether the replica holds no restore point at all. */
        @JsonIgnore
        public boolean emptyReplica() {
            return first.isEmpty();
        }
    }

    /** There is no local database. */
    record NothingToSnapshot() implements Outcome {}

    /** The point was restored to scratch, checked and compared. */
    record Verified(RestorePoint point) implements AtPoint {}

    /** The run did not start. */
    record Skipped(String reason) implements Outcome {}

    /** The run failed at {@code step}; every committed row is still where the application looks. */
    record Failed(FailureKind kind, String step, String cause, String hint) implements Outcome {}

    /** Why a snapshot left the local database where it was. */
    enum Kept {
        /** The settings or the command asked for it. */
        ASKED,
        /** Somebody had it open. */
        IN_USE,
        /** Somebody wrote during each of the attempts. */
        CHANGED,
        /** The service is stopping. */
        STOPPING;

        /** Returns the label used in JSON, for example {@code in_use}. */
        @JsonValue
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Returns the words for a person. */
        public String words() {
            return switch (this) {
                case ASKED -> "kept as asked";
                case IN_USE -> "kept: in use";
                case CHANGED -> "kept: written to during each attempt";
                case STOPPING -> "kept: the service is stopping";
            };
        }
    }

    /** Returns the metric label: the case in lower snake case. */
    @JsonIgnore
    default String label() {
        return getClass().getSimpleName().replaceAll("(?<=[a-z])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
    }

    /** Returns the restore point this outcome speaks of, if it has one. */
    @JsonIgnore
    default Optional<RestorePoint> restorePoint() {
        return this instanceof AtPoint at ? Optional.of(at.point()) : Optional.empty();
    }

    /** Returns whether something was achieved: local and replica are known to agree at a point. */
    @JsonIgnore
    default boolean success() {
        return this instanceof AtPoint;
    }
}
