package io.github.litestow.report;

import io.github.litestow.outcome.Progress;
import io.github.litestow.outcome.RunInProgress;
import io.github.litestow.outcome.TimeText;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How fast the long part of a run goes, on average since it began, and how long it takes to its end at
 * that rate. Not safe for concurrent use.
 */
final class ProgressRate {
    /** Sooner, a number says more of the buffers than of the line. */
    private static final Duration FIRST = Duration.ofSeconds(2);

    private final Map<String, Begun> begun = new HashMap<>();

    private record Begun(Progress.Doing doing, Instant time, long bytes) {}

    /** Returns for example {@code , 12.3 MiB/s, 1 min 5 s left}; empty while nothing can be said. */
    String words(RunInProgress run, Instant now) {
        if (run.progress().isEmpty()) {
            return "";
        }
        Progress progress = run.progress().get();
        Begun since = begun.compute(
                run.id(),
                (id, known) -> known != null && known.doing() == progress.doing() && known.bytes() <= progress.bytes()
                        ? known
                        : new Begun(progress.doing(), now, progress.bytes()));
        Duration time = Duration.between(since.time(), now);
        long moved = progress.bytes() - since.bytes();
        if (time.compareTo(FIRST) < 0 || moved == 0) {
            return "";
        }
        double rate = moved * 1000.0 / time.toMillis();
        return ", " + Progress.size(Math.round(rate)) + "/s"
                + left(progress, rate).orElse("");
    }

    /** Says nothing of the rest when there seems to be none: what was expected is an estimate. */
    private static Optional<String> left(Progress progress, double rate) {
        return progress.expected()
                .map(all -> all - progress.bytes())
                .filter(rest -> rest > 0)
                .map(rest -> ", " + TimeText.length(Duration.ofSeconds((long) Math.ceil(rest / rate))) + " left");
    }

    /** A run has ended. */
    void forget(String run) {
        begun.remove(run);
    }
}
