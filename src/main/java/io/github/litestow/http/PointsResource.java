package io.github.litestow.http;

import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.points.PointReference;
import io.github.litestow.run.Database;
import io.github.litestow.run.compare.Look;
import io.github.litestow.run.compare.Looks;
import io.github.litestow.run.compare.PointDiff;
import jakarta.ws.rs.GET;
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

/**
 * What can be done with one restore point: download, compare. It needs the token, because
 * it shows what is in the database. Blocks a worker thread, so few at once.
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
    private static final int AT_ONCE = 2;
    private static final Duration AGAIN = Duration.ofSeconds(5);
    private static final String TYPE = "application/vnd.sqlite3";

    private final DatabaseLookup databases;
    private final Looks looks;
    private final Semaphore copies = new Semaphore(AT_ONCE);

    /** Wires it. */
    public PointsResource(DatabaseLookup databases, Looks looks) {
        this.databases = databases;
        this.looks = looks;
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
            description = "Each is a label, a transaction, a time with its offset, or `local`. Copies of both"
                    + " are made, and deleted.")
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

    private RestorePoint meant(Database database, String point) throws Failure {
        return looks.meant(database, PointReference.of(point));
    }

    private <T> T copying(PointRefusals.Work<T> work) {
        if (!copies.tryAcquire()) {
            throw Refused.later(
                    Response.Status.SERVICE_UNAVAILABLE,
                    FailureKind.BUSY,
                    "Other copies of restore points are being made. Ask again in a moment.",
                    AGAIN);
        }
        try {
            return PointRefusals.answered(work);
        } finally {
            copies.release();
        }
    }
}
