package io.github.litestow.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.github.litestow.outcome.FailureKind;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * What went wrong, as RFC 9457 has it; the type is {@code about:blank}, so the title is the status's
 * own.
 *
 * @param title the reason phrase of the status
 * @param status the status code
 * @param detail what failed, why, and what to do, without paths and secrets
 * @param kind the kind of failure, where it is one of Litestow's
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_ABSENT)
@Schema(description = "RFC 9457 problem details")
record Problem(
        @Schema(required = true, examples = "Conflict") String title,
        @Schema(required = true, examples = "409") int status,

        @Schema(required = true, examples = "Another run is working on this database. Ask again when it has ended.")
        String detail,

        @Schema(examples = "busy") Optional<FailureKind> kind) {

    /** The media type. */
    static final String TYPE = "application/problem+json";
}
