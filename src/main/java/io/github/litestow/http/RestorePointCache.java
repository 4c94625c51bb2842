package io.github.litestow.http;

import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.RunRecord;
import io.github.litestow.run.Database;
import io.github.litestow.run.restore.RestorePointList;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The restore points as they were last listed. Anybody may ask, and listing a replica costs money and
 * takes seconds when it is in trouble: so it is listed at most every ten seconds, and anew after each
 * run. Safe for concurrent use.
 */
@ApplicationScoped
public class RestorePointCache {
    private static final Duration LIFETIME = Duration.ofSeconds(10);

    private final Clock clock;
    private final Map<String, Listing> listings = new ConcurrentHashMap<>();

    /** Measures age with {@code clock}. */
    public RestorePointCache(Clock clock) {
        this.clock = clock;
    }

    /**
     * Returns the restore points of a database.
     *
     * @throws Failure when the replica could not be listed, now or a moment ago
     */
    RestorePointList of(Database database) throws Failure {
        return listings.computeIfAbsent(database.name(), name -> new Listing()).get(database, clock);
    }

    void ended(@Observes RunRecord run) {
        listings.remove(run.database());
    }

    private static final class Listing {
        private Instant from = Instant.MAX;
        private RestorePointList points;
        private Failure failure;

        synchronized RestorePointList get(Database database, Clock clock) throws Failure {
            Instant now = clock.instant();
            // A clock that was set back must not keep a listing for as long.
            if (now.isBefore(from) || !now.isBefore(from.plus(LIFETIME))) {
                list(database);
                from = clock.instant();
            }
            if (points == null) {
                throw failure;
            }
            return points;
        }

        private void list(Database database) {
            try {
                points = RestorePointList.of(database);
            } catch (Failure e) {
                points = null;
                failure = e;
            }
        }
    }
}
