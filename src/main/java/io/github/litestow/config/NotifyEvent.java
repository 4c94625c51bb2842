package io.github.litestow.config;

import com.fasterxml.jackson.annotation.JsonValue;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Locale;

/** What people can be told of. */
@RegisterForReflection
public enum NotifyEvent {
    /** A run failed, and nothing since shows that it is mended. */
    FAILURE,
    /** What they were told of is over. */
    RECOVERY,
    /** The backup is older than it may be. */
    STALE,
    /** The newest proof is older than it may be. */
    PROOF_OVERDUE,
    /** A run refused to go on: a person has to choose. */
    REFUSED,
    /** The replica has become twice as large within a week. */
    REPLICA_GROWTH,
    /** A database was proven and its local copy deleted. */
    OFFLOAD,
    /** A restore point was brought back. */
    RESTORE;

    /** Returns the name used in settings and messages, for example {@code proof-overdue}. */
    @JsonValue
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
