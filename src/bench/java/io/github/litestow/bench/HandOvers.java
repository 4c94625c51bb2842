package io.github.litestow.bench;

import io.github.litestow.packaged.HandOver;
import io.github.litestow.packaged.HandOver.End;
import io.github.litestow.packaged.HandOverRound;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/** {@code bench/handover}: every way to hand over, and the table of {@code docs/reliability.md}. */
final class HandOvers {
    private static final int ROUNDS = 50;
    private static final int STUBBORN = 10;
    private static final long MINUTES = 15;

    private HandOvers() {}

    /** Arguments: rounds with SIGTERM and with SIGKILL (50), lease time (PT6S), seed (1), minutes (15). */
    public static void main(String... args) throws Exception {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : ROUNDS;
        Duration leaseTime = Duration.parse(args.length > 1 ? args[1] : "PT6S");
        long seed = args.length > 2 ? Long.parseLong(args[2]) : 1;
        long minutes = args.length > 3 ? Long.parseLong(args[3]) : MINUTES;
        List<End> ends = ends(rounds);
        List<HandOverRound> done = new ArrayList<>();
        List<String> broken = new ArrayList<>();
        long start = System.nanoTime();
        try (HandOver services = new HandOver(leaseTime, seed)) {
            services.begin();
            while (done.size() < ends.size() && System.nanoTime() - start < TimeUnit.MINUTES.toNanos(minutes)) {
                HandOverRound round = services.round(ends.get(done.size()));
                System.err.println(done.size() + 1 + ": " + round);
                done.add(round);
            }
            broken.addAll(services.broken());
            System.err.println(services.summary());
        }
        System.out.println(
                "| the old service | the new one | rounds | rows acknowledged | lost | ready after the signal"
                        + " (median, max) | ready after its own start (median, max) | rows left in the old folder (median, max)"
                        + " | of the last (median, max) |");
        System.out.println("|---|---|---|---|---|---|---|---|---|");
        for (End end : End.values()) {
            row(end, true, done);
            row(end, false, done);
        }
        broken.forEach(what -> System.out.println("BROKEN " + what));
        int lost = done.stream().mapToInt(HandOverRound::lost).sum();
        System.out.printf(
                "%n%d rounds, %d times two started together, %d rows lost, %d times two holders or a write by another,"
                        + " lease time %s, seed %d, %d s.%n",
                done.size(),
                1 + done.stream().filter(round -> !round.waited()).count(),
                lost,
                broken.size(),
                leaseTime,
                seed,
                Duration.ofNanos(System.nanoTime() - start).toSeconds());
        System.exit(lost + broken.size() == 0 ? 0 : 1);
    }

    /** Two of each in turn: whoever follows was waiting, or is one of two that start together. */
    private static List<End> ends(int rounds) {
        List<End> ends = new ArrayList<>();
        for (int number = 0; number < rounds; number += 2) {
            ends.addAll(List.of(End.TERM, End.TERM, End.KILL, End.KILL));
        }
        ends.addAll(Collections.nCopies(STUBBORN, End.TERM_WRITER_GOES_ON));
        return ends;
    }

    private static void row(End end, boolean waited, List<HandOverRound> all) {
        Predicate<HandOverRound> wanted = round -> round.end() == end && round.waited() == waited;
        List<HandOverRound> rounds = all.stream().filter(wanted).toList();
        if (rounds.isEmpty()) {
            return;
        }
        System.out.printf(
                "| %s | %s | %d | %d | %d | %s | %s | %s | %s |%n",
                switch (end) {
                    case TERM -> "SIGTERM, the writer stops";
                    case KILL -> "SIGKILL";
                    case TERM_WRITER_GOES_ON -> "SIGTERM, the writer goes on until its end";
                },
                waited ? "was waiting" : "two started after the signal",
                rounds.size(),
                rounds.stream().mapToInt(HandOverRound::acknowledged).sum(),
                rounds.stream().mapToInt(HandOverRound::lost).sum(),
                seconds(rounds, round -> round.toReady().toMillis()),
                waited ? "–" : seconds(rounds, round -> round.ownReady().toMillis()),
                median(rounds, HandOverRound::left) + ", " + most(rounds, HandOverRound::left),
                seconds(rounds, round -> round.exposed().toMillis()));
    }

    private static String seconds(List<HandOverRound> rounds, ToLongFunction<HandOverRound> millis) {
        return String.format(
                Locale.ROOT, "%.1f s, %.1f s", median(rounds, millis) / 1000.0, most(rounds, millis) / 1000.0);
    }

    private static long median(List<HandOverRound> rounds, ToLongFunction<HandOverRound> figure) {
        return rounds.stream()
                .mapToLong(figure)
                .sorted()
                .skip(rounds.size() / 2)
                .findFirst()
                .orElseThrow();
    }

    private static long most(List<HandOverRound> rounds, ToLongFunction<HandOverRound> figure) {
        return rounds.stream().mapToLong(figure).max().orElseThrow();
    }
}
