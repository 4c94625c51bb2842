package io.github.litestow.outcome;

import com.fasterxml.jackson.annotation.JsonValue;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Locale;

/** How much is known of a restore point, weakest first. */
@RegisterForReflection
public enum Assurance {
    /** Uploaded, and read back by an independent listing. */
    CONFIRMED,
    /** Restored from the replica, integrity-checked and compared page by page with the local one. */
    PROVEN,
    /** Proven, and the local copy deleted. */
    OFFLOADED;

    /** Returns the label used in JSON, for example {@code proven}. */
    @JsonValue
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
