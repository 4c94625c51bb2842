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
 * The restore points as listed lately. Anybody may ask, and listing a replica costs money and takes
 * seconds when it is in trouble: so it is asked at most every ten seconds, and anew after each run.
 */
@ApplicationScoped
public class RestorePointCache {
    private static final Duration KEPT = Duration.ofSeconds(10);

    private final Clock clock;
    private final Map<String, Shelf> shelves = new ConcurrentHashMap<>();

    /** Tells age by {@code clock}. */
    public RestorePointCache(Clock clock) {
        this.clock = clock;
    }

    /**
     * Returns the restore points of a database.
     *
     * @throws Failure when the replica could not be listed, now or a moment ago
     */
    RestorePointList of(Database database) throws Failure {
        return shelves.computeIfAbsent(database.name(), name -> new Shelf()).get(database, clock);
    }

    void ended(@Observes RunRecord run) {
        shelves.remove(run.database());
    }

    private static final class Shelf {
        private Instant until = Instant.MIN;
        private RestorePointList points;
        private Failure failure;

        synchronized RestorePointList get(Database database, Clock clock) throws Failure {
            if (!clock.instant().isBefore(until)) {
                list(database);
                until = clock.instant().plus(KEPT);
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
