package io.github.litestow.page;

import io.github.litestow.journal.RunDay;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.RunInProgress;
import io.github.litestow.report.DatabaseStanding;
import io.github.litestow.report.LiveRuns;
import io.github.litestow.report.OverviewService;
import io.github.litestow.run.Database;
import io.github.litestow.run.Databases;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.RestResponse;

/**
 * The page. A browser that has it asks for parts of it again, by the name of the part in htmx's own
 * header; anybody else gets the whole. Nothing here begins anything.
 */
@Path("/")
@Produces(PageResource.HTML)
@Blocking
@PageAnswer
public final class PageResource {
    static final String HTML = "text/html; charset=utf-8";
    static final String PART = "HX-Target";

    private static final Logger LOG = Logger.getLogger(PageResource.class);

    private final Databases databases;
    private final OverviewService overview;
    private final LiveRuns live;
    private final Templates templates;
    private final Clock clock;

    /** Wires what is shown. */
    public PageResource(
            Databases databases, OverviewService overview, LiveRuns live, Templates templates, Clock clock) {
        this.databases = databases;
        this.overview = overview;
        this.live = live;
        this.templates = templates;
        this.clock = clock;
    }

    /** Returns how all databases stand. */
    @GET
    @Operation(hidden = true)
    public String home(
            @QueryParam("q") @DefaultValue("") String q,
            @QueryParam("state") @DefaultValue("") String state,
            @QueryParam("sort") @DefaultValue("risk") String sort,
            @QueryParam("page") @DefaultValue("1") String page,
            @HeaderParam(PART) @DefaultValue("") String part) {
        if (part.equals("now")) {
            return templates.render("now", Map.of("live", live(Optional.empty())));
        }
        HomeView view = HomeView.of(overview.now(), Search.of(q, state, sort, number(page)));
        String template = part.equals("board") || part.equals("list") ? part : "home";
        return templates.render(template, Map.of("view", view, "live", live(Optional.empty())));
    }

    /** Returns one database. */
    @GET
    @Path("d/{name:.+}")
    @Operation(hidden = true)
    public RestResponse<String> database(
            @PathParam("name") String name,
            @QueryParam("day") @DefaultValue("") String day,
            @HeaderParam(PART) @DefaultValue("") String part) {
        Optional<Database> known = databases.named(name);
        Optional<DatabaseStanding> standing = known.flatMap(overview::of);
        if (standing.isEmpty()) {
            return RestResponse.ResponseBuilder.create(
                            Response.Status.NOT_FOUND, templates.render("missing", Map.of("name", name)))
                    .type(HTML)
                    .build();
        }
        Database database = known.get();
        List<LiveRow> working = live(Optional.of(standing.get()));
        if (part.equals("now")) {
            return RestResponse.ok(templates.render("now", Map.of("live", working)));
        }
        DatabaseView view = DatabaseView.of(
                database.settings(),
                standing.get(),
                days(database),
                database.journal().runs(),
                day,
                templates.mends(),
                clock.instant());
        return RestResponse.ok(
                templates.render(part.equals("one") ? "one" : "database", Map.of("view", view, "live", working)));
    }

    /** Returns what each kind of failure means and what to do about it. */
    @GET
    @Path("help")
    @Operation(hidden = true)
    public String help() {
        return templates.render("help", Map.of("mends", templates.mends().all()));
    }

    private List<LiveRow> live(Optional<DatabaseStanding> only) {
        List<LiveRow> own = live.now().stream()
                .filter(one -> only.filter(
                                wanted -> !wanted.name().equals(one.run().database()))
                        .isEmpty())
                .map(one -> LiveRow.of(one.run(), one.pace()))
                .toList();
        // A command beside the service works in a process of its own.
        Optional<RunInProgress> other = only.flatMap(one -> one.status().working());
        return own.isEmpty() ? other.map(run -> LiveRow.of(run, "")).stream().toList() : own;
    }

    private static List<RunDay> days(Database database) {
        try {
            return database.journal().days();
        } catch (Failure e) {
            LOG.warnf("%s: the page shows no days: %s. %s", database.name(), e.getMessage(), e.hint());
            return List.of();
        }
    }

    private static int number(String text) {
        return text.matches("[0-9]{1,6}") ? Integer.parseInt(text) : 1;
    }
}
