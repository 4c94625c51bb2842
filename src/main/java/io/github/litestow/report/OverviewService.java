package io.github.litestow.report;

import io.github.litestow.journal.DatabaseState;
import io.github.litestow.outcome.RunRecord;
import io.github.litestow.run.Database;
import io.github.litestow.run.Databases;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How all databases stand. Whoever reaches the port may ask, and with a thousand databases an answer
 * costs thousands of looks at the disk: so it is at most a second old, and the same for all who ask. Safe
 * for concurrent use.
 */
@ApplicationScoped
public class OverviewService {
    private static final Duration LIFETIME = Duration.ofSeconds(1);

    private final Databases databases;
    private final StatusService status;
    private final Clock clock;
    private Optional<Overview> latest = Optional.empty();

    /** Judges by {@code status}. */
    public OverviewService(Databases databases, StatusService status, Clock clock) {
        this.databases = databases;
        this.status = status;
        this.clock = clock;
    }

    /** Returns how all stand, as of a second ago at the most. */
    public synchronized Overview now() {
        Instant now = clock.instant();
        if (latest.filter(known -> Duration.between(known.at(), now).abs().compareTo(LIFETIME) < 0)
                .isEmpty()) {
            latest = Optional.of(Overview.of(
                    now,
                    databases.all().stream().flatMap(one -> of(one).stream()).toList(),
                    databases.unprotected()));
        }
        return latest.get();
    }

    /** Returns how one database stands, now. */
    public Optional<DatabaseStanding> of(Database database) {
        DatabaseState state = database.journal().state();
        return status.of(database.settings())
                .map(known ->
                        DatabaseStanding.of(database.settings(), known, state, database.ready(), clock.instant()));
    }

    /** Who sees that a run ended must see what came of it. */
    synchronized void ended(@Observes RunRecord run) {
        latest = Optional.empty();
    }
}
