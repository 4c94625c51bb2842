package io.github.litestow.http;

import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.report.StatusService;
import io.github.litestow.run.Database;
import io.github.litestow.run.restore.RestorePointList;
import io.smallrye.common.annotation.NonBlocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;

/** What anybody may read. Blocks on files, so it runs on worker threads, but waits for no replica on them. */
@Path("/api/databases")
@Produces(MediaType.APPLICATION_JSON)
public final class DatabasesResource {
    /** How long a listing is waited for: longer than a sound store takes, shorter than most clients wait. */
    private static final Duration WAIT = Duration.ofSeconds(5);

    private final DatabaseLookup databases;
    private final StatusService status;
    private final RunHistory runs;
    private final RestorePointCache points;

    /** Wires what is shown. */
    public DatabasesResource(
            DatabaseLookup databases, StatusService status, RunHistory runs, RestorePointCache points) {
        this.databases = databases;
        this.status = status;
        this.runs = runs;
        this.points = points;
    }

    /** Returns the state of every database, or of a page of them. */
    @GET
    @Operation(
            operationId = "databases",
            summary = "The state of every database",
            description = "Of more than 100 databases the ten worst, unless one of the parameters is given: then those"
                    + " that match, in the order of their names, page by page.")
    @APIResponse(
            responseCode = "200",
            description = "In the order of their names; the ten worst first where nothing was asked for",
            content =
                    @Content(
                            schema = @Schema(implementation = DatabaseView.Page.class),
                            examples =
                                    @ExampleObject(
                                            name = "one",
                                            value = "{\"total\": 1, \"states\": {\"fresh\": 1}, \"databases\": ["
                                                    + Examples.DATABASE + "]}")))
    @APIResponse(responseCode = "400", ref = "Malformed")
    public DatabaseView.Page all(
            @Parameter(
                            description = "Only those in this state",
                            schema =
                                    @Schema(
                                            type = SchemaType.STRING,
                                            enumeration = {"fresh", "stale", "nothing_yet", "retired", "at_replica"}),
                            example = "stale")
                    @QueryParam("state")
                    String state,
            @Parameter(description = "Only those whose name holds this", example = "acme") @QueryParam("q") String q,
            @Parameter(
                            description = "At most so many, 1 to 1000",
                            schema = @Schema(type = SchemaType.INTEGER, minimum = "1", maximum = "1000"))
                    @QueryParam("limit")
                    String limit,
            @Parameter(
                            description = "After so many that match",
                            schema = @Schema(type = SchemaType.INTEGER, minimum = "0", maximum = "1000000"))
                    @QueryParam("offset")
                    String offset) {
        return new DatabasePages(databases, status)
                .of(new DatabasePages.Wanted(
                        Optional.ofNullable(state),
                        Optional.ofNullable(q),
                        Optional.ofNullable(limit),
                        Optional.ofNullable(offset)));
    }

    /** Returns the state of one database. */
    @GET
    @Path("{name}")
    @Operation(operationId = "database", summary = "The state of one database")
    @APIResponse(
            responseCode = "200",
            description = "As the last runs left it, and the run that works now",
            content =
                    @Content(
                            schema = @Schema(implementation = DatabaseView.class),
                            examples = @ExampleObject(name = "offloaded", value = Examples.DATABASE)))
    @APIResponse(responseCode = "404", ref = "NotFound")
    public DatabaseView one(@Parameter(example = "default") @PathParam("name") String name) {
        return view(databases.named(name));
    }

    /** Returns the runs of a database. */
    @GET
    @Path("{name}/runs")
    @Operation(operationId = "runs", summary = "The last runs, and the one that works now")
    @APIResponse(
            responseCode = "200",
            description = "Oldest first",
            content =
                    @Content(
                            schema = @Schema(implementation = RunView.Page.class),
                            examples =
                                    @ExampleObject(
                                            name = "working",
                                            value = "{\"database\": \"default\", \"runs\": [" + Examples.ENDED + ", "
                                                    + Examples.WORKING + "]}")))
    @APIResponse(responseCode = "404", ref = "NotFound")
    public RunView.Page runs(@Parameter(example = "default") @PathParam("name") String name) {
        return new RunView.Page(name, runs.of(databases.named(name)));
    }

    /** Returns one run. */
    @GET
    @Path("{name}/runs/{id}")
    @Operation(operationId = "run", summary = "One run, while it works and after it ended")
    @APIResponse(
            responseCode = "200",
            description = "The step it is at, or how it ended",
            content =
                    @Content(
                            schema = @Schema(implementation = RunView.class),
                            examples = {
                                @ExampleObject(name = "working", value = Examples.WORKING),
                                @ExampleObject(name = "ended", value = Examples.ENDED)
                            }))
    @APIResponse(responseCode = "404", ref = "NotFound")
    public RunView run(
            @Parameter(example = "default") @PathParam("name") String name,
            @Parameter(example = "20261121T120000.000-1") @PathParam("id") String id) {
        return runs.find(databases.named(name), id)
                .orElseThrow(() -> Refused.notFound("No run has this id, or it is not among the last 200."));
    }

    /** Returns the restore points of a database. */
    @GET
    @Path("{name}/restore-points")
    @Operation(
            operationId = "restorePoints",
            summary = "What can be restored",
            description = "Lists the replica, at most every ten seconds.")
    @APIResponse(
            responseCode = "200",
            description = "Oldest first",
            content =
                    @Content(
                            schema = @Schema(implementation = RestorePointList.class),
                            examples = @ExampleObject(name = "one", value = Examples.POINTS)))
    @APIResponse(responseCode = "404", ref = "NotFound")
    @APIResponse(responseCode = "502", ref = "Replica")
    @APIResponse(responseCode = "504", ref = "NotYet")
    @NonBlocking
    public CompletionStage<RestorePointList> restorePoints(
            @Parameter(example = "default") @PathParam("name") String name) {
        return points.of(databases.named(name))
                .thenApply(Function.identity())
                .orTimeout(WAIT.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionally(trouble -> {
                    throw refusal(trouble instanceof CompletionException ? trouble.getCause() : trouble);
                });
    }

    private static RuntimeException refusal(Throwable trouble) {
        if (trouble instanceof Failure failure) {
            FailureKind kind = failure.kind();
            return new Refused(
                    Response.Status.BAD_GATEWAY,
                    kind,
                    "The replica could not be listed: " + kind.label() + ". The log says why and what to do.");
        }
        return trouble instanceof TimeoutException
                ? Refused.later(
                        Response.Status.GATEWAY_TIMEOUT,
                        FailureKind.REPLICA_UNREACHABLE,
                        "The replica has not answered yet. Ask again in a moment.",
                        WAIT)
                : new IllegalStateException("the restore points could not be listed", trouble);
    }

    private DatabaseView view(Database database) {
        return DatabasePages.view(status, database);
    }
}
