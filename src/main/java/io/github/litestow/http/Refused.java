package io.github.litestow.http;

import io.github.litestow.outcome.FailureKind;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.Optional;

/** A request that is answered with a {@link Problem}. */
final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;
    private final transient Optional<Duration> retryAfter;

    Refused(Response.Status status, FailureKind kind, String detail) {
        this(status, Optional.of(kind), detail);
    }

    Refused(Response.Status status, Optional<FailureKind> kind, String detail) {
        this(status, kind, detail, Optional.empty());
    }

    private Refused(Response.Status status, Optional<FailureKind> kind, String detail, Optional<Duration> retryAfter) {
        super(detail, null, false, false);
        this.retryAfter = retryAfter;
        this.problem = new Problem(status.getReasonPhrase(), status.getStatusCode(), detail, kind);
    }

    /** There is no answer yet; it is worth while to ask again after {@code pause}. */
    static Refused later(Response.Status status, FailureKind kind, String detail, Duration pause) {
        return new Refused(status, Optional.of(kind), detail, Optional.of(pause));
    }

    /** Nothing has this name. */
    static Refused notFound(String detail) {
        return new Refused(Response.Status.NOT_FOUND, Optional.empty(), detail);
    }

    /** The request is malformed. */
    static Refused malformed(String detail) {
        return new Refused(Response.Status.BAD_REQUEST, Optional.empty(), detail);
    }

    /** Returns after which pause to ask again, if that is known. */
    Optional<Duration> retryAfter() {
        return retryAfter;
    }

    Problem problem() {
        return problem;
    }
}
