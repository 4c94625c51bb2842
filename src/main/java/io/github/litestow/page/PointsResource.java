package io.github.litestow.page;

import io.github.litestow.http.NeedsToken;
import io.github.litestow.http.RestorePointCache;
import io.github.litestow.outcome.Failure;
import io.github.litestow.report.DatabaseStatus;
import io.github.litestow.report.OverviewService;
import io.github.litestow.run.Database;
import io.github.litestow.run.Databases;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.common.annotation.NonBlocking;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** The parts of the page that take their time or need the token; a browser asks for them by themselves. */
@Path("/part")
@Produces(PageResource.HTML)
@PageAnswer
public final class PointsResource {
    private static final Duration WAIT = Duration.ofSeconds(5);

    private final Databases databases;
    private final RestorePointCache points;
    private final OverviewService overview;
    private final Templates templates;
    private final Clock clock;

    /** Wires what is shown. */
    public PointsResource(
            Databases databases, RestorePointCache points, OverviewService overview, Templates templates, Clock clock) {
        this.databases = databases;
        this.points = points;
        this.overview = overview;
        this.templates = templates;
        this.clock = clock;
    }

    /** Returns what a database can be brought back to; lists the replica, at most every ten seconds. */
    @GET
    @Path("points/{name:.+}")
    @NonBlocking
    @Operation(hidden = true)
    public CompletionStage<String> points(@PathParam("name") String name) {
        Database database = named(name);
        return list(database)
                .thenApply(view -> templates.render("points", Map.of("view", view, "path", DatabaseRow.path(name))));
    }

    /** Returns what a restore of one point would do, before it is asked for. */
    @GET
    @Path("restore/{name:.+}")
    @NonBlocking
    @Operation(hidden = true)
    public CompletionStage<String> restore(
            @PathParam("name") String name, @QueryParam("txid") @DefaultValue("") String txid) {
        Database database = named(name);
        return list(database).thenApply(view -> {
            Map<String, Object> data = new HashMap<>();
            data.put("name", name);
            data.put("path", DatabaseRow.path(name));
            data.put("command", name.equals("default") ? "" : " " + name);
            data.put("trouble", view.trouble());
            data.put("point", view.at(txid).orElse(null));
            return templates.render("restore", data);
        });
    }

    /** Returns what the last failure says in its own words, which may name paths. */
    @GET
    @Path("cause/{name:.+}")
    @NeedsToken
    @Blocking
    @Operation(hidden = true)
    public String cause(@PathParam("name") String name) {
        Optional<DatabaseStatus.LastFailure> failure =
                overview.of(named(name)).flatMap(standing -> standing.status().lastFailure());
        Map<String, Object> data = new HashMap<>();
        data.put("cause", failure.map(DatabaseStatus.LastFailure::cause).orElse(""));
        data.put("hint", failure.map(DatabaseStatus.LastFailure::hint).orElse(""));
        return templates.render("cause", data);
    }

    private Database named(String name) {
        return databases.named(name).orElseThrow(NotFoundException::new);
    }

    private CompletionStage<PointsView> list(Database database) {
        return points.of(database)
                .thenApply(list -> PointsView.of(list, clock.instant()))
                .orTimeout(WAIT.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionally(trouble -> PointsView.unknown(
                        words(trouble instanceof CompletionException ? trouble.getCause() : trouble)));
    }

    private static String words(Throwable trouble) {
        if (trouble instanceof Failure failure) {
            return "The replica could not be listed: " + failure.kind().label() + ". The log says why and what to do.";
        }
        if (trouble instanceof TimeoutException) {
            return "The replica has not answered yet. Ask again in a moment.";
        }
        throw new IllegalStateException("the restore points could not be listed", trouble);
    }
}
