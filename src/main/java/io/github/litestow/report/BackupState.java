package io.github.litestow.report;

import com.fasterxml.jackson.annotation.JsonValue;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Locale;

/** How a database's backup is doing. */
@RegisterForReflection
public enum BackupState {
    /** The replica holds what the database held not longer ago than allowed. */
    FRESH,
    /** It does not, or what it holds is known to be damaged. */
    STALE,
    /** There is no database here and no restore point at the replica: nothing is backed up. */
    NOTHING_YET,
    /** Of a group: its file is gone and was not offloaded; its replica is left alone. */
    RETIRED,
    /** Of a group: known by its replica alone, of which nothing was asked yet. */
    AT_REPLICA;

    /** Returns the label used in JSON and health data, for example {@code nothing_yet}. */
    @JsonValue
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
