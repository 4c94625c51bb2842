package io.github.litestow.run.compare;

import io.github.litestow.control.Cancellation;
import io.github.litestow.control.Deadline;
import io.github.litestow.control.WorkLimit;
import io.github.litestow.engine.Litestream;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.points.PointReference;
import io.github.litestow.run.Database;
import io.github.litestow.run.mark.OfferedPoints;
import io.github.litestow.sqlite.DatabaseComparison;
import io.github.litestow.sqlite.DatabaseDiff;
import io.github.litestow.sqlite.LocalFile;
import io.github.litestow.sqlite.ReadOnlyQuery;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Looks into restore points and compares them. Safe for concurrent use. */
@ApplicationScoped
public class Looks {
    private static final Duration TIMEOUT = Duration.ofHours(6);
    private static final Duration LOCK_TIMEOUT = Duration.ofSeconds(5);

    private final Litestream litestream;
    private final Clock clock;

    public Looks(Litestream litestream, Clock clock) {
        this.litestream = litestream;
        this.clock = clock;
    }

    /** Begins a look at a database; nothing is copied yet. */
    public Look at(Database database) throws Failure {
        return new Look(database, litestream, deadline());
    }

    /** Returns the point that is meant; fails as {@link OfferedPoints#meant}. */
    public RestorePoint meant(Database database, PointReference reference) throws Failure {
        Instant now = clock.instant();
        return OfferedPoints.meant(database, reference, now);
    }

    /**
     * Compares two states: each is restored to a copy, or copied where the local database is meant.
     *
     * @param rowsOf the table whose changed rows are wanted
     */
    public PointDiff diff(Database database, PointReference from, PointReference to, Optional<String> rowsOf)
            throws Failure {
        // Both are looked for before anything is downloaded.
        Optional<RestorePoint> first = point(database, from);
        Optional<RestorePoint> second = point(database, to);
        try (Look look = at(database)) {
            States states = states(look, first, second);
            DatabaseDiff diff = DatabaseComparison.of(states.first(), states.second(), rowsOf, look.limit());
            return new PointDiff(database.name(), name(first), name(second), diff);
        }
    }

    /**
     * Runs one statement that only reads: on a copy of a point, or on the local database, as any reader of it.
     *
     * @param at the point
     */
    public void query(Database database, PointReference at, String sql, ReadOnlyQuery.Rows rows) throws Failure {
        Optional<RestorePoint> point = point(database, at);
        if (point.isEmpty()) {
            if (LocalFile.look(database.settings()).state() != LocalFile.State.DATABASE) {
                throw Look.noLocal(database);
            }
            WorkLimit limit = new WorkLimit(deadline(), new Cancellation(), Duration.ZERO);
            ReadOnlyQuery.run(database.settings().database(), sql, LOCK_TIMEOUT, limit, rows);
            return;
        }
        try (Look look = at(database)) {
            ReadOnlyQuery.run(look.restored(point.get()), sql, Duration.ZERO, look.limit(), rows);
        }
    }

    private static Deadline deadline() {
        return new Deadline(
                System::nanoTime, TIMEOUT, "Look at why the replica, the network or the disk is that slow.");
    }

    private Optional<RestorePoint> point(Database database, PointReference reference) throws Failure {
        return reference.local() ? Optional.empty() : Optional.of(meant(database, reference));
    }

    private static Path file(Look look, Optional<RestorePoint> point) throws Failure {
        return point.isPresent() ? look.restored(point.get()) : look.local();
    }

    private record States(Path first, Path second) {}

    /** Of two points the earlier one is restored, and the other one made out of it. */
    private static States states(Look look, Optional<RestorePoint> first, Optional<RestorePoint> second)
            throws Failure {
        if (first.isEmpty() || second.isEmpty() || first.equals(second)) {
            Path one = file(look, first);
            return new States(one, first.equals(second) ? one : file(look, second));
        }
        boolean forward = first.get().compareTo(second.get()) < 0;
        RestorePoint earlier = forward ? first.get() : second.get();
        RestorePoint later = forward ? second.get() : first.get();
        Path before = look.restored(earlier);
        Path after = look.restoredAfter(earlier, before, later);
        return forward ? new States(before, after) : new States(after, before);
    }

    private static String name(Optional<RestorePoint> point) {
        return point.map(RestorePoint::txid).orElse(PointReference.LOCAL);
    }
}
