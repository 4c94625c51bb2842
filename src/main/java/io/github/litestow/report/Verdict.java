package io.github.litestow.report;

import com.fasterxml.jackson.annotation.JsonValue;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Locale;

/** What a person wants to know of a database, or of all, before anything else. Worst first. */
@RegisterForReflection
public enum Verdict {
    /** Something could be lost, or nothing shows that it could not. */
    AT_RISK,
    /** Nothing is known to be wrong, and nothing is proven yet. */
    WAITING,
    /** Proven not longer ago than allowed, backed up not longer ago than allowed, and nothing failed since. */
    SAFE;

    /** Returns the label used in JSON, for example {@code at_risk}. */
    @JsonValue
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
