package io.github.litestow.report;

import io.github.litestow.outcome.Outcome;
import io.github.litestow.outcome.RunRecord;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.jboss.logging.Logger;

/** A line in the log for each ended run. */
@ApplicationScoped
public class RunLog {
    private static final Logger LOG = Logger.getLogger("io.github.litestow.runs");

    void ended(@Observes RunRecord run) {
        Logger.Level level = switch (run.result().label()) {
            case "failed" -> Logger.Level.ERROR;
            case "skipped" -> Logger.Level.WARN;
            default -> Logger.Level.INFO;
        };
        if (run.result() instanceof Outcome.NothingToSnapshot) {
            level = Logger.Level.DEBUG;
        }
        LOG.logf(level, "%s: %s by %s: %s", run.database(), run.operation().label(), run.trigger(), TextReport.of(run));
    }
}
