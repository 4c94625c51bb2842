package io.github.litestow.bench;

import io.github.litestow.faults.Kind;
import io.github.litestow.faults.Kinds;
import io.github.litestow.faults.Mounts;
import io.github.litestow.faults.Trial;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** {@code bench/faults}: every kind, and the table of {@code docs/reliability.md}. */
final class Faults {

    private Faults() {}

    /** Arguments: a regular expression found in a kind's name (or nothing), percent of the trials (100), seed (1), minutes (90). */
    public static void main(String... args) {
        Pattern filter = Pattern.compile(args.length > 0 ? args[0] : "", Pattern.CASE_INSENSITIVE);
        int percent = args.length > 1 ? Integer.parseInt(args[1]) : 100;
        long seed = args.length > 2 ? Long.parseLong(args[2]) : 1;
        long end = System.nanoTime()
                + Duration.ofMinutes(args.length > 3 ? Long.parseLong(args[3]) : 90)
                        .toNanos();
        System.out.println("| fault | outcome promised | trials | rows acknowledged | rows lost | slowest detection |");
        System.out.println("|---|---|---|---|---|---|");
        boolean mounts = Mounts.possible();
        int trials = 0;
        int bad = 0;
        for (Kind kind : Kinds.all()) {
            if (!filter.matcher(kind.name()).find()) {
                continue;
            }
            if (kind.privileged() && !mounts) {
                System.out.printf(
                        "| %s | %s | not tried: needs root and mounts | | | |%n", kind.name(), kind.promised());
                continue;
            }
            int wanted = Math.max(1, kind.inBench() * percent / 100);
            List<Trial> done = new ArrayList<>();
            long start = System.nanoTime();
            while (done.size() < wanted && System.nanoTime() < end) {
                Trial trial = kind.trial(seed, done.size());
                trial.broken().forEach(what -> System.err.println("BROKEN " + kind.name() + ", " + what));
                done.add(trial);
            }
            print(kind, done, Duration.ofNanos(System.nanoTime() - start));
            trials += done.size();
            bad += (int) done.stream().filter(trial -> !trial.kept()).count();
        }
        System.out.printf("%n%d trials, %d with a broken promise, seed %d.%n", trials, bad, seed);
        System.exit(bad == 0 ? 0 : 1);
    }

    private static void print(Kind kind, List<Trial> trials, Duration took) {
        Duration slowest = trials.stream()
                .map(Trial::detection)
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
        System.out.printf(
                "| %s | %s | %d | %d | %d | %s |%n",
                kind.name(),
                kind.promised(),
                trials.size(),
                trials.stream().mapToInt(Trial::acknowledged).sum(),
                trials.stream().mapToInt(Trial::lost).sum(),
                slowest.isZero() ? "–" : String.format(Locale.ROOT, "%.1f s", slowest.toMillis() / 1000.0));
        Map<String, Integer> ends = new TreeMap<>();
        trials.forEach(trial -> trial.observed().forEach(end -> ends.merge(end, 1, Integer::sum)));
        System.err.printf(Locale.ROOT, "%s: %d s, runs ended %s%n", kind.name(), took.toSeconds(), ends);
    }
}
