package io.github.litestow.report;

import io.github.litestow.config.Schedule;
import io.github.litestow.control.DaemonThreads;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The longest gap and the next fire time of each schedule. Counting one takes tens of milliseconds, and seconds in a process
 * that has just started on a busy machine: nobody who answers HTTP should have to wait for that. Safe
 * for concurrent use.
 */
final class ScheduleGaps {
    private static final Duration LIFETIME = Duration.ofHours(1);

    private final DaemonThreads counting = new DaemonThreads("schedules", 1);
    private final Map<Schedule, Gap> counted = new ConcurrentHashMap<>();
    private final Set<Schedule> due = ConcurrentHashMap.newKeySet();

    private final Map<Schedule, Next> next = new ConcurrentHashMap<>();

    /** What is next from one time on. */
    private record Next(Instant from, Instant fire) {}

    private record Gap(Duration longest, Instant until) {}

    /** Returns it as it was counted lately; counts it only when it never was. */
    Duration longest(Schedule schedule, Instant now) {
        Gap gap = counted.computeIfAbsent(schedule, wanted -> count(wanted, now));
        if (!gap.until().isAfter(now)) {
            prepare(schedule, now);
        }
        return gap.longest();
    }

    /** Returns the next fire time; parsed and looked for once for each. */
    Optional<Instant> next(Schedule schedule, Instant now) {
        Next known = next.get(schedule);
        if (known == null || !now.isBefore(known.fire()) || now.isBefore(known.from())) {
            Optional<Instant> fire = schedule.next(now);
            fire.ifPresent(time -> next.put(schedule, new Next(now, time)));
            return fire;
        }
        return Optional.of(known.fire());
    }

    /** Counts it in the background. */
    void prepare(Schedule schedule, Instant now) {
        if (due.add(schedule)) {
            counting.execute(() -> {
                try {
                    counted.put(schedule, count(schedule, now));
                } finally {
                    due.remove(schedule);
                }
            });
        }
    }

    private static Gap count(Schedule schedule, Instant now) {
        return new Gap(schedule.longestGap(now), now.plus(LIFETIME));
    }
}
