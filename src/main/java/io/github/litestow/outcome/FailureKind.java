package io.github.litestow.outcome;

import com.fasterxml.jackson.annotation.JsonValue;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Locale;

/**
 * Why a run failed, in the words users script against: the same name is the metric label, the JSON
 * value and, through {@code trigger.ExitCodes}, the exit code.
 */
@RegisterForReflection
public enum FailureKind {
    /** A setting is missing or malformed; nothing was started. */
    SETTINGS,
    /** No usable litestream binary: missing, not executable, or too old. */
    ENGINE_MISSING,
    /** The replica answered and refused: wrong keys, a permission that is not granted, no room left. */
    ACCESS_DENIED,
    /** The bucket or folder of the replica does not exist, or lost what it is known to have held. */
    REPLICA_MISSING,
    /** The replica could not be reached, or what answered is not a replica store. */
    REPLICA_UNREACHABLE,
    /** The replica asked us to slow down, or to come back later, and kept asking. */
    THROTTLED,
    /** A deadline passed. */
    TIMEOUT,
    /** Another run, process or host is working on this database or replica. */
    BUSY,
    /** Going on could replace good data by worse: a person has to choose. */
    REFUSED,
    /** The local database is damaged or is not a database. */
    SOURCE_DAMAGED,
    /** What was uploaded could not be shown to be what is local. */
    PROOF_FAILED,
    /** A local disk is full, read-only or failing. */
    DISK,
    /** Anything else; a defect of Litestow until shown otherwise. */
    INTERNAL;

    /** Returns the label used in metrics and JSON, for example {@code access_denied}. */
    @JsonValue
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
