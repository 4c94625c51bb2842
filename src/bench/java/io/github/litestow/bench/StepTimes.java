package io.github.litestow.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How long each step of a run takes, by what the run logs as it begins one. Used by one thread. */
final class StepTimes extends Handler {
    // Held, or the log manager forgets level and handler.
    private static final Logger LOGGER = Logger.getLogger("io.github.litestow.run");

    /** What {@code RunContext.at} says: database, run, step. */
    private static final Pattern STEP = Pattern.compile("[\\w-]+: \\d{8}T\\d{6}\\.\\d{3}-\\d+ (\\w+)");

    private final Map<String, List<Double>> times = new LinkedHashMap<>();
    private final Map<String, Integer> met = new LinkedHashMap<>();
    private String step = "";
    private long since;
    private boolean on;

    /** Hears of every run from now on. */
    static StepTimes listening() {
        StepTimes times = new StepTimes();
        times.setLevel(Level.ALL);
        LOGGER.setLevel(Level.FINE);
        LOGGER.setUseParentHandlers(false);
        LOGGER.addHandler(times);
        return times;
    }

    /** A run begins that counts. */
    void begin() {
        on = true;
        met.clear();
        next("claim");
    }

    /** It has ended. */
    void end() {
        next("");
        on = false;
    }

    private void next(String other) {
        long now = System.nanoTime();
        if (!step.isEmpty()) {
            times.computeIfAbsent(step, one -> new ArrayList<>()).add((now - since) / 1e9);
        }
        int times = met.merge(other, 1, Integer::sum);
        step = times > 1 ? other + " " + times : other;
        since = now;
    }

    @Override
    public void publish(LogRecord entry) {
        Matcher at = STEP.matcher(String.valueOf(entry.getMessage()));
        if (on && at.matches()) {
            next(at.group(1));
        }
    }

    /** Returns the medians in seconds, in the order of the run. */
    String profile() {
        StringBuilder line = new StringBuilder();
        times.forEach((name, seconds) ->
                line.append(String.format(Locale.ROOT, " %s %.3f,", name, Differences.median(seconds))));
        return line.toString();
    }

    @Override
    public void flush() {
        // Nothing is kept back.
    }

    @Override
    public void close() {
        LOGGER.removeHandler(this);
    }
}
