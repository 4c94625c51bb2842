package io.github.litestow.report;

import com.fasterxml.jackson.annotation.JsonValue;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Locale;

/** The first reason for a {@link Verdict} on one database. Worst first. */
@RegisterForReflection
public enum Standing {
    /** A proof failed, the local file is damaged, or the replica lost what it held. */
    DAMAGED,
    /** The local database has held for too long what the replica does not. */
    BEHIND,
    /** The last run of some kind failed, and nothing has shown since that this is mended. */
    FAILING,
    /** It was proven too long ago, or has waited too long for its first proof. */
    PROOF_OVERDUE,
    /** There is no database here and no restore point at the replica. */
    NOTHING_YET,
    /** The service is not done with bringing it back. */
    STARTING,
    /** It is backed up, and was not proven yet. */
    UNPROVEN,
    /** It is proven and backed up. */
    SAFE;

    /** Returns the label used in JSON, for example {@code proof_overdue}. */
    @JsonValue
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns it in a word or two, for a person. */
    public String words() {
        return switch (this) {
            case DAMAGED -> "damaged";
            case BEHIND -> "behind";
            case FAILING -> "failing";
            case PROOF_OVERDUE -> "proof overdue";
            case NOTHING_YET -> "nothing yet";
            case STARTING -> "starting";
            case UNPROVEN -> "not proven yet";
            case SAFE -> "safe";
        };
    }

    /**
     * Returns what it amounts to.
     *
     * @param required whether it is a failure that nothing is backed up
     */
    Verdict verdict(boolean required) {
        return switch (this) {
            case DAMAGED, BEHIND, FAILING, PROOF_OVERDUE -> Verdict.AT_RISK;
            case NOTHING_YET -> required ? Verdict.AT_RISK : Verdict.WAITING;
            case STARTING, UNPROVEN -> Verdict.WAITING;
            case SAFE -> Verdict.SAFE;
        };
    }
}
