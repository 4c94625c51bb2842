package io.github.litestow.http;

import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.report.StatusService;
import io.github.litestow.run.Database;
import io.github.litestow.run.Pauses;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirement;
import org.jboss.logging.Logger;

/** Pauses one database, for whoever has the token. */
@Path("/api/databases/{name}/pause")
@Produces(MediaType.APPLICATION_JSON)
@NeedsToken
@SecurityRequirement(name = "token")
@APIResponse(
        responseCode = "200",
        description = "The database as it is now",
        content =
                @Content(
                        schema = @Schema(implementation = DatabaseView.class),
                        examples = @ExampleObject(name = "offloaded", value = Examples.DATABASE)))
@APIResponse(responseCode = "401", ref = "Unauthorized")
@APIResponse(responseCode = "403", ref = "Off")
@APIResponse(responseCode = "404", ref = "NotFound")
@APIResponse(responseCode = "409", ref = "Busy")
@APIResponse(responseCode = "500", ref = "NotBegun")
public class PauseResource {
    private static final Logger LOG = Logger.getLogger(PauseResource.class);

    private final DatabaseLookup databases;
    private final StatusService status;
    private final Pauses pauses;

    /** Wires it. */
    public PauseResource(DatabaseLookup databases, StatusService status, Pauses pauses) {
        this.databases = databases;
        this.status = status;
        this.pauses = pauses;
    }

    /** Pauses it. */
    @POST
    @Operation(
            operationId = "pause",
            summary = "Have no slot of the cron begin a snapshot",
            description = "Until it is resumed, over restarts. A run that works goes on; snapshots, proofs and restores"
                    + " that are asked for work as always, and so does the last snapshot at a shutdown. The backup gets"
                    + " older meanwhile, and stale.")
    public DatabaseView pause(@Parameter(example = "default") @PathParam("name") String name) {
        return set(name, true);
    }

    /** Resumes it. */
    @DELETE
    @Operation(operationId = "resume", summary = "Have slots of the cron begin snapshots again")
    public DatabaseView resume(@Parameter(example = "default") @PathParam("name") String name) {
        return set(name, false);
    }

    private DatabaseView set(String name, boolean paused) {
        Database database = databases.named(name);
        try {
            pauses.set(database, paused);
        } catch (Failure e) {
            LOG.warnf("%s: refused over HTTP: %s. %s", name, e.getMessage(), e.hint());
            throw e.kind() == FailureKind.BUSY
                    ? new Refused(
                            Response.Status.CONFLICT,
                            e.kind(),
                            "Another run is working on this database. Ask again when it has ended.")
                    : new Refused(
                            Response.Status.INTERNAL_SERVER_ERROR,
                            e.kind(),
                            "It could not be written down: " + e.kind().label() + ". The log says why and what to do.");
        }
        return DatabasePages.view(status, database);
    }
}
