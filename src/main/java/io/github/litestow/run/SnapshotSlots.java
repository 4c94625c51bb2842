package io.github.litestow.run;

import io.github.litestow.config.Schedule;
import io.github.litestow.journal.Journal;
import io.github.litestow.outcome.Operation;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.outcome.RunInProgress;
import io.github.litestow.outcome.RunRecord;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Says whether a slot of the cron passed and no snapshot began. However many passed, one run makes up
 * for all of them.
 */
public final class SnapshotSlots {

    private SnapshotSlots() {}

    /**
     * Returns the first slot after the last snapshot, if it has passed; empty too when there never was
     * a snapshot.
     *
     * @param schedule when to snapshot
     * @param journal what is known of earlier runs; after a restore, of the replica's record too
     * @param now the time of the start
     */
    public static Optional<Instant> missed(Schedule schedule, Journal journal, Instant now) {
        return firstUnused(schedule, last(journal, now), now);
    }

    /**
     * Returns since when a slot is due for which no snapshot has begun.
     *
     * @param working the run that works now
     * @param watched when a service began to use slots: what counts while there never was a snapshot
     */
    public static Optional<Instant> due(
            Schedule schedule, Journal journal, Optional<RunInProgress> working, Instant watched, Instant now) {
        Stream<Instant> beginning = working.stream()
                .filter(run -> run.operation() == Operation.SNAPSHOT)
                .map(RunInProgress::started);
        Optional<Instant> begun = Stream.concat(beginning, last(journal, now).stream())
                .max(Instant::compareTo)
                .or(() -> Optional.of(watched));
        return firstUnused(schedule, begun, now);
    }

    private static Optional<Instant> firstUnused(Schedule schedule, Optional<Instant> last, Instant now) {
        return last.flatMap(schedule::next).filter(slot -> !slot.isAfter(now));
    }

    /** What a clock that was ahead wrote down counts for nothing, or no slot would be due until then. */
    private static Optional<Instant> last(Journal journal, Instant now) {
        Stream<Instant> tried = journal.runs().stream()
                .filter(run -> run.operation() == Operation.SNAPSHOT
                        && run.result().skipReason().isEmpty())
                .map(RunRecord::started);
        Stream<Instant> made = journal.state().newest().map(RestorePoint::time).stream();
        return Stream.concat(tried, made)
                .filter(time -> RunTime.past(time, now))
                .max(Instant::compareTo);
    }
}
