package io.github.litestow.http;

import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Multi;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;

/** What happens, as it happens. */
@Path("/api/events")
public final class EventsResource {
    private final LiveEvents events;

    /** Tells of {@code events}. */
    public EventsResource(LiveEvents events) {
        this.events = events;
    }

    /** Returns server-sent events, without an end. */
    @GET
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @Blocking
    @Operation(
            operationId = "events",
            summary = "What happens, as it happens",
            description = "Server-sent events, whose data are JSON: `summary` as `/api/summary` when it changes, `runs`"
                    + " each second while one works, `ended` with each run that ended. First comes how it stands.")
    @APIResponse(
            responseCode = "200",
            description = "Events, until the client leaves or the service stops",
            content =
                    @Content(
                            mediaType = MediaType.SERVER_SENT_EVENTS,
                            schema = @Schema(implementation = String.class),
                            examples =
                                    @ExampleObject(
                                            name = "nothing works",
                                            value = "event: runs\ndata: {\"runs\":[]}\n")))
    @APIResponse(responseCode = "503", ref = "Crowded")
    public Multi<OutboundSseEvent> events() {
        return events.listen();
    }
}
