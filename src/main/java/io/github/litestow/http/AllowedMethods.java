package io.github.litestow.http;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.Provider;
import java.util.regex.Pattern;

/**
 * Says which methods a path has where RFC 9110 wants that: Quarkus 3.33 leaves it out of a 405, and
 * answers OPTIONS with the methods of all paths together.
 */
@Provider
public final class AllowedMethods implements ContainerResponseFilter {
    private static final Pattern ACTIONS =
            Pattern.compile("/?api/databases/[^/]+/(snapshots|verifications|restores)/?");

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        boolean asked =
                request.getMethod().equals("OPTIONS") && response.getStatus() == Response.Status.OK.getStatusCode();
        if (asked || response.getStatus() == Response.Status.METHOD_NOT_ALLOWED.getStatusCode()) {
            boolean action = ACTIONS.matcher(request.getUriInfo().getPath()).matches();
            response.getHeaders().putSingle(HttpHeaders.ALLOW, action ? "POST, OPTIONS" : "GET, HEAD, OPTIONS");
        }
    }
}
