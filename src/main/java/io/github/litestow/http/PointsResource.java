package io.github.litestow.http;

import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.points.PointLabel;
import io.github.litestow.points.PointReference;
import io.github.litestow.run.Database;
import io.github.litestow.run.compare.Look;
import io.github.litestow.run.compare.Looks;
import io.github.litestow.run.compare.PointDiff;
import io.github.litestow.run.mark.MarkedPoint;
import io.github.litestow.run.mark.Marks;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirement;
import org.jboss.logging.Logger;

/**
 * What can be done with one restore point: download, compare, label, pin. All of it needs the token, because
 * it shows what is in the database or changes what retention keeps. Blocks a worker thread, so few at once.
 */
@Path("/api/databases/{name}")
@NeedsToken
@SecurityRequirement(name = "token")
@APIResponse(responseCode = "401", ref = "Unauthorized")
@APIResponse(responseCode = "403", ref = "Off")
@APIResponse(responseCode = "404", ref = "NotFound")
@APIResponse(responseCode = "409", ref = "PointRefused")
@APIResponse(responseCode = "502", ref = "Replica")
@APIResponse(responseCode = "503", ref = "TooMany")
public class PointsResource {
    private static final Logger LOG = Logger.getLogger(PointsResource.class);
    private static final int AT_ONCE = 2;
    private static final Duration AGAIN = Duration.ofSeconds(5);
    private static final String TYPE = "application/vnd.sqlite3";

    private final DatabaseLookup databases;
    private final Looks looks;
    private final Marks marks;
    private final RestorePointCache points;
    private final Semaphore copies = new Semaphore(AT_ONCE);

    /** Wires it. */
    public PointsResource(DatabaseLookup databases, Looks looks, Marks marks, RestorePointCache points) {
        this.databases = databases;
        this.looks = looks;
        this.marks = marks;
        this.points = points;
    }

    /** Restores a point to a copy and sends it. */
    @GET
    @Path("restore-points/{point}/database")
    @Produces(TYPE)
    @Operation(
            operationId = "download",
            summary = "Download the database as it was",
            description = "Restores the point to a copy, checked, and sends that; the copy is deleted.")
    @APIResponse(
            responseCode = "200",
            description = "An SQLite database",
            content = @Content(mediaType = TYPE, schema = @Schema(type = SchemaType.STRING, format = "binary")))
    public Response download(
            @Parameter(example = "default") @PathParam("name") String name,
            @Parameter(example = "0000000000000002") @PathParam("point") String point) {
        Database database = databases.named(name);
        return copying(() -> {
            RestorePoint meant = meant(database, point);
            try (Look look = looks.at(database)) {
                java.nio.file.Path file = look.restored(meant);
                long bytes = Files.size(file);
                // Its folder goes now, and its room when it has been sent, or nobody wants the rest.
                InputStream content = Files.newInputStream(file);
                return Response.ok(content)
                        .type(TYPE)
                        .header(HttpHeaders.CONTENT_LENGTH, bytes)
                        .header(
                                HttpHeaders.CONTENT_DISPOSITION,
                                "attachment; filename=\""
                                        + database.settings().fileName().replace("\"", "_") + "-" + meant.txid() + "\"")
                        .build();
            } catch (IOException e) {
                throw Failure.disk("cannot read the restored copy", e);
            }
        });
    }

    /** Compares two states. */
    @GET
    @Path("diff")
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "diff",
            summary = "What differs between two states",
            description = "Each is a label, a transaction, a time with its offset, or `local`. Both are restored to"
                    + " copies, which are deleted.")
    @APIResponse(
            responseCode = "200",
            description = "Schema, rows per table, and the changed rows of one table when `rows` names it",
            content = @Content(schema = @Schema(implementation = PointDiff.class)))
    @APIResponse(responseCode = "400", ref = "Malformed")
    public PointDiff diff(
            @Parameter(example = "default") @PathParam("name") String name,
            @Parameter(
                            required = true,
                            schema = @Schema(type = SchemaType.STRING, minLength = 1, pattern = "\\S"),
                            example = "0000000000000001")
                    @QueryParam("from")
                    String from,
            @Parameter(example = "0000000000000002") @QueryParam("to") String to,
            @Parameter(description = "A table") @QueryParam("rows") String rows) {
        Database database = databases.named(name);
        if (from == null || from.isBlank()) {
            throw Refused.malformed("from is missing: a label, a transaction, a time, or local.");
        }
        PointReference until = PointReference.of(to == null || to.isBlank() ? PointReference.LOCAL : to);
        return copying(() -> looks.diff(
                database,
                PointReference.of(from),
                until,
                Optional.ofNullable(rows).filter(table -> !table.isBlank())));
    }

    /** Labels a point. */
    @PUT
    @Path("restore-points/{point}/labels/{label}")
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(operationId = "label", summary = "Give a restore point a label")
    @APIResponse(
            responseCode = "200",
            description = "The point as it is now",
            content = @Content(schema = @Schema(implementation = MarkedPoint.class)))
    public MarkedPoint label(
            @Parameter(example = "default") @PathParam("name") String name,
            @Parameter(example = "0000000000000002") @PathParam("point") String point,
            @Parameter(example = "before-1.9") @PathParam("label") String label) {
        PointLabel text = text(label);
        return marking(name, database -> marks.label(database, PointReference.of(point), text));
    }

    /** Takes a label off. */
    @DELETE
    @Path("restore-points/{point}/labels/{label}")
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(operationId = "unlabel", summary = "Take a label off a restore point")
    @APIResponse(
            responseCode = "200",
            description = "The point as it is now",
            content = @Content(schema = @Schema(implementation = MarkedPoint.class)))
    public MarkedPoint unlabel(
            @Parameter(example = "default") @PathParam("name") String name,
            @Parameter(example = "0000000000000002") @PathParam("point") String point,
            @Parameter(example = "before-1.9") @PathParam("label") String label) {
        PointLabel text = text(label);
        return marking(name, database -> marks.unlabel(database, PointReference.of(point), text));
    }

    /** Pins a point. */
    @PUT
    @Path("restore-points/{point}/pin")
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(operationId = "pin", summary = "Keep a restore point whatever retention says")
    @APIResponse(
            responseCode = "200",
            description = "The point as it is now",
            content = @Content(schema = @Schema(implementation = MarkedPoint.class)))
    public MarkedPoint pin(
            @Parameter(example = "default") @PathParam("name") String name,
            @Parameter(example = "0000000000000002") @PathParam("point") String point) {
        return marking(name, database -> marks.pin(database, PointReference.of(point), true));
    }

    /** Unpins a point. */
    @DELETE
    @Path("restore-points/{point}/pin")
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(operationId = "unpin", summary = "Leave a pinned restore point to retention again")
    @APIResponse(
            responseCode = "200",
            description = "The point as it is now",
            content = @Content(schema = @Schema(implementation = MarkedPoint.class)))
    public MarkedPoint unpin(
            @Parameter(example = "default") @PathParam("name") String name,
            @Parameter(example = "0000000000000002") @PathParam("point") String point) {
        return marking(name, database -> marks.pin(database, PointReference.of(point), false));
    }

    private interface Work<T> {
        T done() throws Failure;
    }

    private interface Marking {
        MarkedPoint of(Database database) throws Failure;
    }

    private RestorePoint meant(Database database, String point) throws Failure {
        return looks.meant(database, PointReference.of(point));
    }

    private static PointLabel text(String label) {
        try {
            return PointLabel.of(label);
        } catch (IllegalArgumentException wrong) {
            throw Refused.notFound("This cannot be a label. Accepted: " + PointLabel.ACCEPTED + ".");
        }
    }

    private MarkedPoint marking(String name, Marking marking) {
        Database database = databases.named(name);
        MarkedPoint marked = refused(() -> marking.of(database));
        points.outdate(name);
        return marked;
    }

    private <T> T copying(Work<T> work) {
        if (!copies.tryAcquire()) {
            throw Refused.later(
                    Response.Status.SERVICE_UNAVAILABLE,
                    FailureKind.BUSY,
                    "Other copies of restore points are being made. Ask again in a moment.",
                    AGAIN);
        }
        try {
            return refused(work);
        } finally {
            copies.release();
        }
    }

    /** Causes and hints may name paths and URLs: they go to the log. */
    private static <T> T refused(Work<T> work) {
        try {
            return work.done();
        } catch (Failure e) {
            LOG.warnf("refused over HTTP: %s. %s", e.getMessage(), e.hint());
            throw switch (e.kind()) {
                case REFUSED, SETTINGS ->
                    new Refused(
                            Response.Status.CONFLICT,
                            e.kind(),
                            "There is no such restore point, label or table, or two could be meant. The"
                                    + " restore points are listed at `restore-points`; the log says more.");
                case BUSY ->
                    new Refused(
                            Response.Status.CONFLICT,
                            e.kind(),
                            "Another run is working on this database. Ask again when it has ended.");
                default ->
                    new Refused(
                            Response.Status.BAD_GATEWAY,
                            e.kind(),
                            "That could not be done: " + e.kind().label() + ". The log says why and what to do.");
            };
        }
    }
}
