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

    private static final Pattern PAUSE = Pattern.compile("/?api/databases/[^/]+/pause/?");

    private static final Pattern MARKS =
            Pattern.compile("/?api/databases/[^/]+/restore-points/[^/]+/(pin|labels/[^/]+)/?");

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        boolean asked =
                request.getMethod().equals("OPTIONS") && response.getStatus() == Response.Status.OK.getStatusCode();
        if (asked || response.getStatus() == Response.Status.METHOD_NOT_ALLOWED.getStatusCode()) {
            String path = request.getUriInfo().getPath();
            String methods = ACTIONS.matcher(path).matches()
                    ? "POST, OPTIONS"
                    : PAUSE.matcher(path).matches()
                            ? "POST, DELETE, OPTIONS"
                            : MARKS.matcher(path).matches() ? "PUT, DELETE, OPTIONS" : "GET, HEAD, OPTIONS";
            response.getHeaders().putSingle(HttpHeaders.ALLOW, methods);
        }
    }
}
