package io.github.litestow.http;

import io.github.litestow.outcome.Failure;
import io.github.litestow.points.PointLabel;
import io.github.litestow.points.PointReference;
import io.github.litestow.run.Database;
import io.github.litestow.run.mark.MarkedPoint;
import io.github.litestow.run.mark.Marks;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirement;

/** Labels and pins of restore points. They need the token, because they change what retention keeps. */
@Path("/api/databases/{name}/restore-points/{point}")
@Produces(MediaType.APPLICATION_JSON)
@NeedsToken
@SecurityRequirement(name = "token")
@APIResponse(
        responseCode = "200",
        description = "The point as it is now",
        content = @Content(schema = @Schema(implementation = MarkedPoint.class)))
@APIResponse(responseCode = "401", ref = "Unauthorized")
@APIResponse(responseCode = "403", ref = "Off")
@APIResponse(responseCode = "404", ref = "NotFound")
@APIResponse(responseCode = "409", ref = "PointRefused")
@APIResponse(responseCode = "502", ref = "Replica")
@APIResponse(responseCode = "503", ref = "TooMany")
public class MarksResource {
    private final DatabaseLookup databases;
    private final Marks marks;
    private final RestorePointCache points;

    /** Wires it. */
    public MarksResource(DatabaseLookup databases, Marks marks, RestorePointCache points) {
        this.databases = databases;
        this.marks = marks;
        this.points = points;
    }

    /** Labels a point. */
    @PUT
    @Path("labels/{label}")
    @Operation(operationId = "label", summary = "Give a restore point a label")
    public MarkedPoint label(
            @Parameter(example = "default") @PathParam("name") String name,
            @Parameter(example = "0000000000000002") @PathParam("point") String point,
            @Parameter(example = "before-1.9") @PathParam("label") String label) {
        PointLabel text = text(label);
        return marking(name, database -> marks.label(database, PointReference.of(point), text));
    }

    /** Takes a label off. */
    @DELETE
    @Path("labels/{label}")
    @Operation(operationId = "unlabel", summary = "Take a label off a restore point")
    public MarkedPoint unlabel(
            @Parameter(example = "default") @PathParam("name") String name,
            @Parameter(example = "0000000000000002") @PathParam("point") String point,
            @Parameter(example = "before-1.9") @PathParam("label") String label) {
        PointLabel text = text(label);
        return marking(name, database -> marks.unlabel(database, PointReference.of(point), text));
    }

    /** Pins a point. */
    @PUT
    @Path("pin")
    @Operation(operationId = "pin", summary = "Keep a restore point whatever retention says")
    public MarkedPoint pin(
            @Parameter(example = "default") @PathParam("name") String name,
            @Parameter(example = "0000000000000002") @PathParam("point") String point) {
        return marking(name, database -> marks.pin(database, PointReference.of(point), true));
    }

    /** Unpins a point. */
    @DELETE
    @Path("pin")
    @Operation(operationId = "unpin", summary = "Leave a pinned restore point to retention again")
    public MarkedPoint unpin(
            @Parameter(example = "default") @PathParam("name") String name,
            @Parameter(example = "0000000000000002") @PathParam("point") String point) {
        return marking(name, database -> marks.pin(database, PointReference.of(point), false));
    }

    private interface Marking {
        MarkedPoint of(Database database) throws Failure;
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
        MarkedPoint marked = PointRefusals.answered(() -> marking.of(database));
        points.outdate(name);
        return marked;
    }
}
