package io.github.litestow.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.control.DaemonThreads;
import io.github.litestow.control.Held;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.RunRecord;
import io.github.litestow.report.LiveRuns;
import io.github.litestow.report.OverviewService;
import io.github.litestow.run.Databases;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.BackPressureStrategy;
import io.smallrye.mutiny.subscription.MultiEmitter;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.sse.OutboundSseEvent;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import org.jboss.resteasy.reactive.server.jaxrs.OutboundSseEventImpl;

/**
 * Tells whoever listens what happens, as it happens. However many listen, one thread looks, once a second,
 * and only while somebody does; one that does not read is cut off. Safe for concurrent use.
 */
@ApplicationScoped
public class LiveEvents {
    /** How many may listen: people with a page open, not an audience. */
    static final int MOST = 64;

    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
    /** Ages change all the time, verdicts seldom; a run that ends is told at once. */
    private static final int LOOKS_PER_SUMMARY = 5;
    /** So that proxies keep the connection, and a client that is gone is noticed. */
    private static final int LOOKS_PER_SIGN_OF_LIFE = 15;
    /** After the events of so many runs a client that has read none of them is gone or stuck. */
    private static final int UNREAD = 500;

    private final LiveRuns runs;
    private final OverviewService overview;
    private final Databases databases;
    private final ObjectMapper json;
    private final DaemonThreads thread = new DaemonThreads("events", 1);
    private final Set<Client> clients = new LinkedHashSet<>();
    private final Queue<RunView> ended = new ArrayDeque<>();
    private Optional<Held> looking = Optional.empty();
    private String lastRuns = "";
    private String lastSummary = "";
    private int looks;
    private boolean stopped;

    /** Looks at {@code runs} and {@code overview}. */
    public LiveEvents(LiveRuns runs, OverviewService overview, Databases databases, ObjectMapper json) {
        this.runs = runs;
        this.overview = overview;
        this.databases = databases;
        this.json = json;
    }

    /** One that listens. */
    private static final class Client {
        private final MultiEmitter<? super OutboundSseEvent> emitter;
        private long unread;
        private boolean cutOff;

        Client(MultiEmitter<? super OutboundSseEvent> emitter) {
            this.emitter = emitter;
        }

        void tell(OutboundSseEvent event) {
            unread = emitter.requested() > 0 ? 0 : unread + 1;
            if (cutOff) {
                return;
            }
            // It learns so when it has read what waits for it, and keeps its place until then.
            cutOff = unread > UNREAD;
            if (cutOff) {
                emitter.fail(new IllegalStateException("a client of /api/events does not read"));
            } else {
                emitter.emit(event);
            }
        }
    }

    /**
     * Returns what happens from now on, beginning with how it stands.
     *
     * @throws Refused when too many listen
     */
    Multi<OutboundSseEvent> listen() {
        synchronized (this) {
            if (clients.size() >= MOST || stopped) {
                throw Refused.later(
                        Response.Status.SERVICE_UNAVAILABLE,
                        FailureKind.BUSY,
                        stopped ? "The service is stopping." : MOST + " clients listen already. Ask again in a moment.",
                        Duration.ofSeconds(LOOKS_PER_SIGN_OF_LIFE));
            }
        }
        return Multi.createFrom().<OutboundSseEvent>emitter(this::begin, BackPressureStrategy.BUFFER);
    }

    private synchronized void begin(MultiEmitter<? super OutboundSseEvent> emitter) {
        Client client = new Client(emitter);
        clients.add(client);
        emitter.onTermination(() -> leave(client));
        LiveRunsView working = working();
        client.tell(event("summary", SummaryView.of(overview.now())));
        client.tell(event("runs", working));
        if (looking.isEmpty()) {
            lastRuns = text(working);
            looking = Optional.of(thread.every(LOOK_EVERY, this::look));
        }
    }

    private synchronized void leave(Client client) {
        clients.remove(client);
        if (clients.isEmpty()) {
            looking.ifPresent(Held::close);
            looking = Optional.empty();
            ended.clear();
        }
    }

    synchronized void ended(@Observes RunRecord run) {
        if (!clients.isEmpty()) {
            ended.add(RunView.of(settings(run.database()), run));
        }
    }

    private ConfiguredDatabase settings(String database) {
        return databases.named(database).orElseThrow().settings();
    }

    /** Looks once, and tells what is new. */
    synchronized void look() {
        looks++;
        LiveRunsView working = working();
        String now = text(working);
        if (!now.equals(lastRuns)) {
            lastRuns = now;
            tell(event("runs", working));
        }
        boolean one = !ended.isEmpty();
        while (!ended.isEmpty()) {
            tell(event("ended", ended.remove()));
        }
        if (one || looks % LOOKS_PER_SUMMARY == 0) {
            SummaryView summary = SummaryView.of(overview.now());
            String known =
                    summary.verdict() + text(summary.counts()) + text(summary.worst()) + text(summary.unprotected());
            if (one || !known.equals(lastSummary)) {
                lastSummary = known;
                tell(event("summary", summary));
            }
        }
        if (looks % LOOKS_PER_SIGN_OF_LIFE == 0) {
            tell(new OutboundSseEventImpl.BuilderImpl().comment("still here").build());
        }
    }

    private LiveRunsView working() {
        return new LiveRunsView(runs.now().stream()
                .map(live ->
                        new LiveRunsView.Live(RunView.of(settings(live.run().database()), live.run()), live.pace()))
                .toList());
    }

    private void tell(OutboundSseEvent event) {
        List.copyOf(clients).forEach(client -> client.tell(event));
    }

    private OutboundSseEvent event(String name, Object data) {
        return new OutboundSseEventImpl.BuilderImpl()
                .name(name)
                .data(String.class, text(data))
                .build();
    }

    private String text(Object data) {
        try {
            return json.writeValueAsString(data);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("our own records are JSON", e);
        }
    }

    /** A stop waits for no listener. */
    void stopping(@Observes ShutdownEvent event) {
        stop();
    }

    @PreDestroy
    void stop() {
        List<Client> left;
        synchronized (this) {
            stopped = true;
            left = List.copyOf(clients);
        }
        left.forEach(client -> client.emitter.complete());
        thread.close();
    }
}
