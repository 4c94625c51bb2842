package io.github.litestow.outcome;

import com.fasterxml.jackson.annotation.JsonValue;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Locale;

/** What a run was asked to do; the {@code operation} label of the metrics. */
@RegisterForReflection
public enum Operation {
    /** Local database to replica. */
    SNAPSHOT,
    /** Replica to local database. */
    RESTORE,
    /** Proof of the replica, nothing changed on either side. */
    VERIFY;

    /** Returns the label used in metrics and JSON. */
    @JsonValue
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
