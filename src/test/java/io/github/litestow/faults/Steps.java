package io.github.litestow.faults;

import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * Calls a hook on a run's own thread when the run says that a step begins; it goes on when the hook
 * returns. The step before has ended by then.
 */
final class Steps extends Handler {
    // Held, or the log manager forgets level and handler.
    private static final Logger LOGGER = Logger.getLogger("io.github.litestow.run");
    private static final Steps ALL = new Steps();

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
        Object[] values = entry.getParameters();
        // RunScope.at: "%s: %s %s" of database, run and step.
        if (values == null || values.length != 3 || !"%s: %s %s".equals(entry.getMessage())) {
            return;
        }
        Hook hook = hooks.get(String.valueOf(values[0]));
        if (hook != null) {
            try {
                hook.at(String.valueOf(values[2]).toLowerCase(Locale.ROOT));
            } catch (Exception e) {
                throw new IllegalStateException("a hook failed", e);
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
