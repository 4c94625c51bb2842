package io.github.litestow.http;

import io.github.litestow.report.DatabaseStanding;
import io.github.litestow.report.OverviewService;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;

/** The short answers: is all well, and a badge that says it elsewhere. */
@Path("/api")
@Produces(MediaType.APPLICATION_JSON)
public final class SummaryResource {
    private final OverviewService overview;
    private final DatabaseLookup databases;

    /** Wires what is shown. */
    public SummaryResource(OverviewService overview, DatabaseLookup databases) {
        this.overview = overview;
        this.databases = databases;
    }

    /** Returns how all databases stand. */
    @GET
    @Path("summary")
    @Operation(operationId = "summary", summary = "How all databases stand, in one sentence and in numbers")
    @APIResponse(
            responseCode = "200",
            description = "A second old at the most",
            content =
                    @Content(
                            schema = @Schema(implementation = SummaryView.class),
                            examples = @ExampleObject(name = "at risk", value = Examples.SUMMARY)))
    public SummaryView summary() {
        return SummaryView.of(overview.now());
    }

    /** Returns what shields.io draws a badge from. */
    @GET
    @Path("badge/{name:.+}")
    @Operation(
            operationId = "badge",
            summary = "A badge of one database",
            description = "The endpoint schema of shields.io.")
    @APIResponse(
            responseCode = "200",
            description = "Green only when it is proven and backed up",
            content =
                    @Content(
                            schema = @Schema(implementation = BadgeView.class),
                            examples = @ExampleObject(name = "safe", value = Examples.BADGE)))
    @APIResponse(responseCode = "404", ref = "NotFound")
    public BadgeView badge(@Parameter(example = "default") @PathParam("name") String name) {
        DatabaseStanding standing = overview.of(databases.named(name)).orElseThrow();
        return BadgeView.of(standing);
    }
}
