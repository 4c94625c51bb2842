package io.github.litestow.page;

import io.github.litestow.config.Schedule;
import io.github.litestow.journal.RunDay;
import io.quarkus.qute.TemplateData;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The last ninety days of one database, one mark each.
 *
 * @param days oldest first, always ninety
 * @param proven on how many something was proven
 * @param confirmed on how many something was backed up, and nothing proven
 * @param failed on how many something failed
 * @param missed on how many a slot passed and nobody was there
 * @param since the first day of which something is known; empty when it is all of them
 */
@TemplateData
public record DayStrip(List<Mark> days, int proven, int confirmed, int failed, int missed, String since) {

    /**
     * One day.
     *
     * @param date the day, in UTC
     * @param state {@code failed}, {@code missed}, {@code proven}, {@code confirmed}, {@code calm} or {@code
     *     before}
     * @param words what it brought, for a person
     */
    @TemplateData
    public record Mark(String date, String state, String words) {}

    /**
     * Draws the strip.
     *
     * @param known the days of which something is known
     * @param schedule when snapshots are due; a day without a slot is never missed
     */
    static DayStrip of(List<RunDay> known, Optional<Schedule> schedule, Instant now) {
        LocalDate today = now.atZone(ZoneOffset.UTC).toLocalDate();
        Map<LocalDate, RunDay> byDay =
                known.stream().collect(Collectors.toMap(RunDay::day, Function.identity(), (one, other) -> other));
        Optional<LocalDate> first = known.stream().map(RunDay::day).min(LocalDate::compareTo);
        List<Mark> marks = new ArrayList<>();
        for (LocalDate day = today.minusDays(RunDay.DAYS - 1L); !day.isAfter(today); day = day.plusDays(1)) {
            marks.add(mark(day, Optional.ofNullable(byDay.get(day)), first, schedule, today));
        }
        return new DayStrip(
                marks,
                count(marks, "proven"),
                count(marks, "confirmed"),
                count(marks, "failed"),
                count(marks, "missed"),
                first.filter(day -> day.isAfter(today.minusDays(RunDay.DAYS - 1L)))
                        .map(LocalDate::toString)
                        .orElse(""));
    }

    private static int count(List<Mark> marks, String state) {
        return Math.toIntExact(
                marks.stream().filter(mark -> mark.state().equals(state)).count());
    }

    private static Mark mark(
            LocalDate date,
            Optional<RunDay> known,
            Optional<LocalDate> first,
            Optional<Schedule> schedule,
            LocalDate today) {
        String day = date.toString();
        if (first.isEmpty() || date.isBefore(first.get())) {
            return new Mark(day, "before", "nothing is known of this day");
        }
        if (known.isEmpty()) {
            return date.equals(today) || !due(schedule, date)
                    ? new Mark(day, "calm", "nothing was due")
                    : new Mark(day, "missed", "missed: slots passed and no service was there");
        }
        RunDay runs = known.get();
        String words = words(runs);
        String state = runs.failed() > 0
                ? "failed"
                : runs.missed() > 0
                        ? "missed"
                        : runs.proven() > 0 ? "proven" : runs.confirmed() > 0 ? "confirmed" : "calm";
        return new Mark(day, state, words);
    }

    private static boolean due(Optional<Schedule> schedule, LocalDate date) {
        Instant begin = date.atStartOfDay(ZoneOffset.UTC).toInstant();
        Instant end = date.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
        return schedule.flatMap(when -> when.next(begin.minusSeconds(1)))
                .filter(slot -> slot.isBefore(end))
                .isPresent();
    }

    private static String words(RunDay runs) {
        List<String> parts = new ArrayList<>();
        add(parts, runs.proven(), "proven");
        add(parts, runs.confirmed(), "confirmed");
        add(parts, runs.unchanged(), "unchanged");
        if (runs.failed() > 0) {
            parts.add(runs.failed() + " failed"
                    + runs.kind().map(kind -> " (" + kind.label() + ")").orElse(""));
        }
        if (runs.missed() > 0) {
            parts.add("slots missed before a start");
        }
        return parts.isEmpty() ? "watched, nothing new" : String.join(", ", parts);
    }

    private static void add(List<String> parts, int count, String what) {
        if (count > 0) {
            parts.add(count + " " + what);
        }
    }
}
