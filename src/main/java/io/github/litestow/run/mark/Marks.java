package io.github.litestow.run.mark;

import io.github.litestow.control.Cancellation;
import io.github.litestow.control.Deadline;
import io.github.litestow.control.Held;
import io.github.litestow.outcome.Assurance;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.points.MarkRecord;
import io.github.litestow.points.PointLabel;
import io.github.litestow.points.PointMarks;
import io.github.litestow.points.PointReference;
import io.github.litestow.run.Database;
import io.github.litestow.run.EmptyReplica;
import io.github.litestow.run.LaunchMode;
import io.github.litestow.run.RunContext;
import io.github.litestow.sqlite.StateFolder;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Labels and pins restore points that are there already. Safe for concurrent use. */
@ApplicationScoped
public class Marks {
    private static final Duration TIMEOUT = Duration.ofMinutes(1);

    private final Clock clock;
    private final LaunchMode launchMode;

    public Marks(Clock clock, LaunchMode launchMode) {
        this.clock = clock;
        this.launchMode = launchMode;
    }

    /**
     * Gives a point a label.
     *
     * @throws Failure {@code REFUSED} when there is no such point, or the label names another one; {@code
     *     BUSY} when a run works on the database
     */
    public MarkedPoint label(Database database, PointReference point, PointLabel label) throws Failure {
        return change(database, point, (txid, marks) -> marks.label(txid, label));
    }

    /** Takes a label off a point; fails as {@link #label}. */
    public MarkedPoint unlabel(Database database, PointReference point, PointLabel label) throws Failure {
        return change(database, point, (txid, marks) -> marks.unlabel(txid, label));
    }

    /** Has retention leave a point alone, or not any more; fails as {@link #label}. */
    public MarkedPoint pin(Database database, PointReference point, boolean pinned) throws Failure {
        return change(database, point, (txid, marks) -> marks.pin(txid, pinned));
    }

    private interface Marking {
        PointMarks of(String txid, PointMarks before) throws Failure;
    }

    /** A pinned point that is gone can be unpinned by its transaction; no time means it. */
    private List<RestorePoint> withLostPins(List<RestorePoint> points, PointMarks marks) {
        Set<String> there = points.stream().map(RestorePoint::txid).collect(Collectors.toSet());
        List<RestorePoint> all = new ArrayList<>(points);
        marks.pinned().stream()
                .filter(txid -> !there.contains(txid))
                .map(txid -> new RestorePoint(txid, clock.instant().plus(TIMEOUT), Assurance.CONFIRMED))
                .forEach(all::add);
        return all;
    }

    private MarkedPoint change(Database database, PointReference reference, Marking marking) throws Failure {
        // Before anything is written there: a mistyped place stays as it is.
        EmptyReplica.refuse(database);
        database.replica().probe();
        StateFolder.ensure(database.settings());
        Optional<Held> lock = database.lock().take(launchMode.describe());
        if (lock.isEmpty()) {
            throw new Failure(
                    FailureKind.BUSY, "another run is working on this database", "Wait for it to end, and try again.");
        }
        Deadline deadline = new Deadline(System::nanoTime, TIMEOUT, "Try again; look at the replica if it stays.");
        try (Held held = lock.get();
                RunContext context = new RunContext(
                        "mark", database, deadline, new Cancellation(), launchMode.describe(), launchMode.serving())) {
            context.takeLease();
            database.lease().renew();
            MarkRecord record = new MarkRecord(database.replica());
            List<RestorePoint> points = OfferedPoints.of(database.replica());
            PointMarks before = record.read();
            RestorePoint point = reference.in(
                    withLostPins(points, before),
                    before,
                    clock.instant(),
                    database.settings().snapshot().timeZone());
            PointMarks after = record.change(
                    points.stream().map(RestorePoint::txid).collect(Collectors.toSet()),
                    marks -> marking.of(point.txid(), marks));
            return MarkedPoint.of(database.name(), point, after.of(point.txid()));
        }
    }
}
