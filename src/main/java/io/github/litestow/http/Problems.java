package io.github.litestow.http;

import io.github.litestow.outcome.FailureKind;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Turns whatever went wrong into a {@link Problem}. What only the operator may know goes to the log. */
final class Problems {
    private static final Logger LOG = Logger.getLogger(Problems.class);

    @ServerExceptionMapper
    RestResponse<Problem> refused(Refused refused) {
        RestResponse<Problem> answer = answer(refused.problem());
        refused.retryAfter().ifPresent(pause -> answer.getHeaders().add(HttpHeaders.RETRY_AFTER, pause.toSeconds()));
        return answer;
    }

    /** What the framework refuses: no such path, method or media type. Its own words could contain anything. */
    @ServerExceptionMapper
    RestResponse<Problem> framework(WebApplicationException refusal) {
        Response.StatusType status = refusal.getResponse().getStatusInfo();
        return answer(new Problem(status.getReasonPhrase(), status.getStatusCode(), detail(status), Optional.empty()));
    }

    @ServerExceptionMapper
    RestResponse<Problem> defect(RuntimeException defect) {
        LOG.error("a request over HTTP met a defect", defect);
        return answer(new Problem(
                Response.Status.INTERNAL_SERVER_ERROR.getReasonPhrase(),
                Response.Status.INTERNAL_SERVER_ERROR.getStatusCode(),
                "This is a defect of Litestow. Please report what its log says.",
                Optional.of(FailureKind.INTERNAL)));
    }

    /** No token was shown, or not the right one; says which way to show it (RFC 6750, section 3). */
    static Response unauthorized(boolean shown) {
        Response.Status status = Response.Status.UNAUTHORIZED;
        String detail = shown
                ? "This is not the token of the settings."
                : "Send the token of the settings: `Authorization: Bearer TOKEN`.";
        return Response.status(status)
                .type(Problem.TYPE)
                .header(
                        HttpHeaders.WWW_AUTHENTICATE,
                        "Bearer realm=\"litestow\"" + (shown ? ", error=\"invalid_token\"" : ""))
                .entity(new Problem(
                        status.getReasonPhrase(),
                        status.getStatusCode(),
                        detail,
                        Optional.of(FailureKind.ACCESS_DENIED)))
                .build();
    }

    private static RestResponse<Problem> answer(Problem problem) {
        return RestResponse.ResponseBuilder.create(RestResponse.Status.fromStatusCode(problem.status()), problem)
                .type(Problem.TYPE)
                .build();
    }

    private static String detail(Response.StatusType status) {
        return switch (status.getStatusCode()) {
            case 404 -> "Nothing is there. /q/openapi lists what is.";
            case 405 -> "This method does nothing there. /q/openapi lists what does.";
            case 406 -> "The answer is application/json.";
            case 415 -> "The body must be application/json.";
            default -> "The request was not understood. /q/openapi describes what is.";
        };
    }
}
