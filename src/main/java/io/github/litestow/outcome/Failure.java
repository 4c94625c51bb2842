package io.github.litestow.outcome;

import java.util.Objects;

/**
 * A classified failure on its way up: what failed and why ({@link #getMessage()}), of which {@link
 * #kind()}, and what to do next ({@link #hint()}). Messages never hold secrets.
 *
 * <p>Checked on purpose: a caller either handles it or lets the run end as {@link Outcome.Failed}.
 */
public final class Failure extends Exception {
    private static final long serialVersionUID = 1L;

    private final FailureKind kind;
    private final String hint;

    /**
     * Creates a failure.
     *
     * @param kind what sort of failure this is
     * @param message what failed and why, for a person, without secrets
     * @param hint what to do next, for a person
     */
    public Failure(FailureKind kind, String message, String hint) {
        this(kind, message, hint, null);
    }

    /** As {@link #Failure(FailureKind, String, String)}, keeping the exception that led here. */
    public Failure(FailureKind kind, String message, String hint, Throwable cause) {
        super(message, cause);
        this.kind = Objects.requireNonNull(kind);
        this.hint = Objects.requireNonNull(hint);
    }

    /**
     * Returns what a local disk did not let us do.
     *
     * @param what what failed, naming the file, without a full stop
     * @param e what the system said
     */
    public static Failure disk(String what, Exception e) {
        return new Failure(
                FailureKind.DISK,
                ErrorText.sentence(what, e),
                "Check free space, owner and mode of the folder, and the disk.",
                e);
    }

    /** Returns the kind that decides metric label and exit code. */
    public FailureKind kind() {
        return kind;
    }

    /** Returns what a person should do next. */
    public String hint() {
        return hint;
    }
}
