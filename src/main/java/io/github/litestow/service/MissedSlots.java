package io.github.litestow.service;

import io.github.litestow.config.Schedule;
import io.github.litestow.journal.Journal;
import io.github.litestow.outcome.Operation;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.outcome.RunRecord;
import io.github.litestow.run.RunTime;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Says whether a slot of the cron passed while nobody was there to use it. However many passed, one
 * run makes up for all of them.
 */
final class MissedSlots {

    private MissedSlots() {}

    /**
     * Returns the first slot after the last snapshot, if it has passed; empty too when there never was
     * a snapshot.
     *
     * @param schedule when to snapshot
     * @param journal what is known of earlier runs; after a restore, of the replica's record too
     * @param now the time of the start
     */
    static Optional<Instant> first(Schedule schedule, Journal journal, Instant now) {
        Stream<Instant> tried = journal.runs().stream()
                .filter(run -> run.operation() == Operation.SNAPSHOT
                        && run.result().skipReason().isEmpty())
                .map(RunRecord::started);
        Stream<Instant> made = journal.state().newest().map(RestorePoint::time).stream();
        return Stream.concat(tried, made)
                // What a clock made that was ahead says nothing of the slots since.
                .filter(time -> RunTime.past(time, now))
                .max(Instant::compareTo)
                .flatMap(schedule::next)
                .filter(slot -> !slot.isAfter(now));
    }
}
