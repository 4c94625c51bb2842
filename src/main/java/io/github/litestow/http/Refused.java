package io.github.litestow.http;

import io.github.litestow.outcome.FailureKind;
import jakarta.ws.rs.core.Response;
import java.util.Optional;

/** A request that is answered with a {@link Problem}. */
final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    Refused(Response.Status status, FailureKind kind, String detail) {
        this(status, Optional.of(kind), detail);
    }

    Refused(Response.Status status, Optional<FailureKind> kind, String detail) {
        super(detail, null, false, false);
        this.problem = new Problem(status.getReasonPhrase(), status.getStatusCode(), detail, kind);
    }

    /** Nothing has this name. */
    static Refused notFound(String detail) {
        return new Refused(Response.Status.NOT_FOUND, Optional.empty(), detail);
    }

    /** The request is malformed. */
    static Refused malformed(String detail) {
        return new Refused(Response.Status.BAD_REQUEST, Optional.empty(), detail);
    }

    Problem problem() {
        return problem;
    }
}
