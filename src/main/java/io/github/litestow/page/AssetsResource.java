package io.github.litestow.page;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** Scripts and styles, to be kept by browsers for a year: their address changes with their content. */
@Path("/page")
@PageAnswer
public final class AssetsResource {
    private final Templates templates;

    /** Serves those of {@code templates}. */
    public AssetsResource(Templates templates) {
        this.templates = templates;
    }

    /** Returns one. */
    @GET
    @Path("{version}/{name}")
    @Operation(hidden = true)
    public Response one(@PathParam("version") String version, @PathParam("name") String name) {
        Assets assets = templates.assets();
        if (!version.equals(assets.version())) {
            // Kept for good, another build's file under this address would be the wrong one for ever.
            throw new NotFoundException();
        }
        Assets.Asset asset = assets.named(name).orElseThrow(NotFoundException::new);
        return Response.ok(asset.content(), asset.type())
                .header(HttpHeaders.CACHE_CONTROL, "public, max-age=31536000, immutable")
                .build();
    }
}
