package io.github.litestow.outcome;

import com.fasterxml.jackson.annotation.JsonValue;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Locale;

/** Why a snapshot left the local database where it was. */
@RegisterForReflection
public enum Kept {
    /** The settings or the command asked for it. */
    ASKED,
    /** Somebody had it open. */
    IN_USE,
    /** Somebody wrote during each of the attempts. */
    CHANGED,
    /** The service is stopping. */
    STOPPING,
    /** It could not be deleted, or a restore could not put it back; a warning says why. */
    NOT_REMOVABLE;

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
            case NOT_REMOVABLE -> "kept: it cannot be deleted and put back here";
        };
    }
}
