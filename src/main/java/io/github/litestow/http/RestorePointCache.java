package io.github.litestow.http;

import io.github.litestow.control.ThreadLanes;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.RunRecord;
import io.github.litestow.run.Database;
import io.github.litestow.run.restore.RestorePointList;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jboss.logging.Logger;

/**
 * The restore points as they were last listed. Anybody may ask, and listing a replica costs money and
 * takes seconds when it is in trouble: so it is listed at most every ten seconds, and anew after each
 * run; by threads of its own, few for each replica host, and whoever asks meanwhile waits without one:
 * a store that hangs takes nothing from other requests. Safe for concurrent use.
 */
@ApplicationScoped
public class RestorePointCache {
    private static final Logger LOG = Logger.getLogger(RestorePointCache.class);
    private static final Duration LIFETIME = Duration.ofSeconds(10);
    private static final int LISTINGS_PER_HOST = 2;

    private final Clock clock;
    private final ThreadLanes threads = new ThreadLanes("restore points", LISTINGS_PER_HOST);
    private final Map<String, Listing> listings = new ConcurrentHashMap<>();

    /** Measures age with {@code clock}. */
    public RestorePointCache(Clock clock) {
        this.clock = clock;
    }

    /**
     * Returns the restore points of a database, as soon as they are known. Ends with a {@link Failure} when
     * the replica could not be listed, now or a moment ago.
     */
    public CompletableFuture<RestorePointList> of(Database database) {
        return of(database.name(), threads.at(database.settings().replicaHost()), () -> RestorePointList.of(database));
    }

    /**
     * Does the same for a database of this name.
     *
     * @param executor where it is listed
     * @param listing lists it
     */
    CompletableFuture<RestorePointList> of(String name, Executor executor, Callable<RestorePointList> listing) {
        return listings.computeIfAbsent(name, Listing::new).get(executor, listing);
    }

    void ended(@Observes RunRecord run) {
        outdate(run.database());
    }

    /** Something about the points of this database has changed. */
    void outdate(String name) {
        Listing listing = listings.get(name);
        if (listing != null) {
            listing.outdate();
        }
    }

    @PreDestroy
    void close() {
        threads.close();
    }

    private final class Listing {
        private final String name;
        private CompletableFuture<RestorePointList> latest;
        private Instant until = Instant.MIN;
        /** A run ended since the latest one began. */
        private boolean outdated = true;

        Listing(String name) {
            this.name = name;
        }

        synchronized void outdate() {
            outdated = true;
        }

        synchronized CompletableFuture<RestorePointList> get(Executor executor, Callable<RestorePointList> listing) {
            if (latest != null && !latest.isDone()) {
                // One at a time: who needs a newer one has it begun when this one ends.
                return outdated
                        ? latest.handle((points, trouble) -> 0).thenCompose(ended -> get(executor, listing))
                        : latest;
            }
            if (outdated || !lately(clock.instant())) {
                CompletableFuture<RestorePointList> begun = new CompletableFuture<>();
                latest = begun;
                until = Instant.MAX;
                outdated = false;
                executor.execute(() -> list(begun, listing));
            }
            return latest;
        }

        /** A time that a clock that was set back has not reached again is none of these ten seconds. */
        private boolean lately(Instant now) {
            return now.isBefore(until) && !now.isBefore(until.minus(LIFETIME));
        }

        private void list(CompletableFuture<RestorePointList> begun, Callable<RestorePointList> listing) {
            try {
                RestorePointList points = listing.call();
                settled();
                begun.complete(points);
            } catch (Failure e) {
                LOG.warnf("%s: the restore points cannot be listed: %s. %s", name, e.getMessage(), e.hint());
                settled();
                begun.completeExceptionally(e);
            } catch (Exception defect) {
                settled();
                begun.completeExceptionally(defect);
            }
        }

        private synchronized void settled() {
            until = clock.instant().plus(LIFETIME);
        }
    }
}
