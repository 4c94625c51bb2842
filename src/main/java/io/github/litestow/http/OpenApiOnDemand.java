package io.github.litestow.http;

import io.quarkus.smallrye.openapi.OpenApiFilter.RunStage;
import io.quarkus.smallrye.openapi.runtime.OpenApiConstants;
import io.quarkus.smallrye.openapi.runtime.OpenApiRecorder;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The OpenAPI document is made when somebody first asks for it. Quarkus makes it at each start, which is a
 * sixth of that, and keeps what it took: until it has quarkusio/quarkus#55538.
 */
@ApplicationScoped
public class OpenApiOnDemand {
    /** By which the command line has Quarkus find nothing to make the document of. */
    private static final ClassLoader KNOWS_NO_DOCUMENT = ClassLoader.getPlatformClassLoader();
    /** Before the route of Quarkus' own. */
    private static final int FIRST = -1;

    /** Makes it on a thread that may wait, then leaves the request to Quarkus. */
    void answer(@Observes Router router) {
        router.route("/q/openapi*").order(FIRST).blockingHandler(this::made, false);
    }

    private void made(RoutingContext request) {
        make();
        request.next();
    }

    private synchronized void make() {
        if (OpenApiConstants.classLoader == KNOWS_NO_DOCUMENT) {
            OpenApiConstants.classLoader = null;
            // As the build records it: no security, no filter of ours.
            Map<RunStage, List<String>> filters =
                    Stream.of(RunStage.values()).collect(Collectors.toMap(Function.identity(), stage -> List.of()));
            new OpenApiRecorder(null, null).prepareDocument(null, filters, OpenApiConstants.DEFAULT_DOCUMENT_NAME);
        }
    }
}
