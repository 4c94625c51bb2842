package io.github.litestow.faults;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Calls a hook on a run's own thread when the run says that a step begins; it goes on when the hook
 * returns. The step before has ended by then.
 */
final class Steps extends Handler {
    // Held, or the log manager forgets level and handler.
    private static final Logger LOGGER = Logger.getLogger("io.github.litestow.run");
    private static final Steps ALL = new Steps();

    /** What {@code RunScope.at} says, as the JBoss log manager gives it, formatted: database, run, step. */
    private static final Pattern STEP = Pattern.compile("(\\w+): \\d{8}T\\d{6}\\.\\d{3}-\\d+ (\\w+)");

    private final Map<String, Hook> hooks = new ConcurrentHashMap<>();

    static {
        // Expected failures are many; what matters of them is in the outcome.
        Logger.getLogger("io.github.litestow").setUseParentHandlers(false);
        LOGGER.setLevel(Level.FINE);
        LOGGER.addHandler(ALL);
    }

    private Steps() {
        setLevel(Level.ALL);
    }

    /** What happens at a step. */
    interface Hook {
        void at(String step) throws Exception;
    }

    /** Has {@code hook} called at each step of the runs of this database, instead of what was before. */
    static void of(String database, Hook hook) {
        ALL.hooks.put(database, hook);
    }

    static void forget(String database) {
        ALL.hooks.remove(database);
    }

    @Override
    public void publish(LogRecord entry) {
        Matcher step = STEP.matcher(String.valueOf(entry.getMessage()));
        Hook hook = step.matches() ? hooks.get(step.group(1)) : null;
        if (hook != null) {
            try {
                hook.at(step.group(2));
            } catch (Exception e) {
                // The log manager passes over every other sort of trouble that a handler has.
                throw new InternalError("a hook failed", e);
            }
        }
    }

    @Override
    public void flush() {
        // Nothing is kept back.
    }

    @Override
    public void close() {
        hooks.clear();
    }
}
