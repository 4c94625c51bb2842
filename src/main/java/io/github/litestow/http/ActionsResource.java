package io.github.litestow.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.litestow.run.Database;
import io.github.litestow.run.snapshot.SnapshotRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriBuilder;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirement;
import org.jboss.resteasy.reactive.RestResponse;

/** What needs the token: begins runs, and answers with where to follow them. */
@Path("/api/databases")
@Produces(MediaType.APPLICATION_JSON)
@NeedsToken
@SecurityRequirement(name = "token")
@APIResponse(responseCode = "202", ref = "Begun")
@APIResponse(responseCode = "401", ref = "Unauthorized")
@APIResponse(responseCode = "403", ref = "Off")
@APIResponse(responseCode = "404", ref = "NotFound")
@APIResponse(responseCode = "409", ref = "Busy")
@APIResponse(responseCode = "500", ref = "NotBegun")
@APIResponse(responseCode = "503", ref = "Stopping")
public final class ActionsResource {
    private final DatabaseLookup databases;
    private final Actions actions;
    private final AwaitedSnapshots awaitedSnapshots;
    private final RunHistory runs;
    private final ObjectMapper json;

    /** Wires what begins runs. */
    public ActionsResource(
            DatabaseLookup databases,
            Actions actions,
            AwaitedSnapshots awaitedSnapshots,
            RunHistory runs,
            ObjectMapper json) {
        this.databases = databases;
        this.awaitedSnapshots = awaitedSnapshots;
        this.actions = actions;
        this.runs = runs;
        this.json = json;
    }

    /** Begins a snapshot. */
    @POST
    @Path("{name}/snapshots")
    @Operation(
            operationId = "snapshot",
            summary = "Begin a snapshot, as cron does",
            description = "With `wait`, answers when it has ended: then its restore point holds everything that was"
                    + " committed before the request. A label or pin has it proven.")
    @APIResponse(
            responseCode = "200",
            description = "With `wait`: the snapshot has ended",
            content = @Content(schema = @Schema(implementation = RunView.class)))
    @APIResponse(responseCode = "400", ref = "Malformed")
    @APIResponse(responseCode = "504", ref = "NotBegunYet")
    public RestResponse<RunView> snapshot(
            @Parameter(example = "default") @PathParam("name") String name,
            @Parameter(
                            description = "How long to wait, up to ten minutes; empty: not at all",
                            schema =
                                    @Schema(
                                            type = SchemaType.STRING,
                                            pattern = "^(PT([1-9][0-9]?|[1-5][0-9][0-9])S)?$"),
                            example = "PT30S")
                    @QueryParam("wait")
                    String wait,
            @Parameter(description = "The restore point's label") @QueryParam("label") String label,
            @Parameter(description = "Whether the restore point is pinned", schema = @Schema(type = SchemaType.BOOLEAN))
                    @QueryParam("pin")
                    String pin) {
        Database database = databases.named(name);
        Optional<Duration> length = AwaitedSnapshots.length(wait);
        SnapshotRequest request = AwaitedSnapshots.request(label, pin);
        if (length.isEmpty()) {
            return begun(database, actions.snapshot(database, request));
        }
        Actions.requireRestored(database);
        AwaitedSnapshots.Awaited awaited = awaitedSnapshots.take(database, request, length.get());
        return awaited.ended()
                ? RestResponse.ok(runs.find(database, awaited.id()).orElseThrow())
                : begun(database, awaited.id());
    }

    /** Begins a verification. */
    @POST
    @Path("{name}/verifications")
    @Operation(
            operationId = "verification",
            summary = "Begin a verification",
            description = "Proves the newest state, writers go on, deletes nothing.")
    public RestResponse<RunView> verification(@Parameter(example = "default") @PathParam("name") String name) {
        Database database = databases.named(name);
        return begun(database, actions.verification(database));
    }

    /** Begins a restore into a new file, or of a database that is missing. */
    @POST
    @Path("{name}/restores")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "restore",
            summary = "Begin a restore into a new file, or of a database that is missing",
            description = "Writes restores/NAME-ID below the database's folder, never over anything; the database"
                    + " itself is left alone. The run's `file` is its name. Nothing but you deletes such files. With"
                    + " inPlace the database itself is brought back if it is missing; one that is there is left alone.")
    @RequestBody(
            required = false,
            content =
                    @Content(
                            schema = @Schema(implementation = RestoreOrder.class),
                            examples = {
                                @ExampleObject(name = "newest", value = "{}"),
                                @ExampleObject(name = "point", value = "{\"txid\": \"0000000000000002\"}"),
                                @ExampleObject(name = "time", value = "{\"at\": \"2026-11-21T12:00:01Z\"}"),
                                @ExampleObject(name = "inPlace", value = "{\"inPlace\": true}")
                            }))
    @APIResponse(
            responseCode = "200",
            description = "The run ended within `wait`",
            content =
                    @Content(
                            schema = @Schema(implementation = RunView.class),
                            examples = @ExampleObject(name = "ended", value = Examples.ENDED)))
    @APIResponse(responseCode = "400", ref = "Malformed")
    @APIResponse(responseCode = "413", description = "The body is larger than 16 KiB")
    @APIResponse(responseCode = "415", ref = "MediaType")
    @APIResponse(responseCode = "502", ref = "Replica")
    public RestResponse<RunView> restore(
            @Parameter(example = "default") @PathParam("name") String name,
            @Parameter(
                            description = "How long to wait for the end of the run, at most PT5M; empty: not at all",
                            schema =
                                    @Schema(
                                            type = SchemaType.STRING,
                                            pattern = "^(PT([0-9]{1,2}|[12][0-9][0-9]|300)S)?$"),
                            example = "PT30S")
                    @QueryParam("wait")
                    String wait,
            String body) {
        RestoreOrder order = RestoreOrder.read(json, body);
        Duration most = Optional.ofNullable(wait).map(WaitTime::of).orElse(Duration.ZERO);
        Database database = databases.discovered(name);
        return begun(database, actions.restore(database, order, most), !most.isZero());
    }

    private RestResponse<RunView> begun(Database database, String id) {
        return begun(database, id, false);
    }

    private RestResponse<RunView> begun(Database database, String id, boolean waited) {
        RunView run = runs.find(database, id)
                .orElseThrow(() -> new IllegalStateException("a run that has begun is shown or written down: " + id));
        boolean ended = waited && run.finished().isPresent();
        return RestResponse.ResponseBuilder.create(ended ? RestResponse.Status.OK : RestResponse.Status.ACCEPTED, run)
                .location(UriBuilder.fromPath("/api/databases/{name}/runs/{id}").build(database.name(), id))
                .build();
    }
}
