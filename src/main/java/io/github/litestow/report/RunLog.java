package io.github.litestow.report;

import io.github.litestow.outcome.RunRecord;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.jboss.logging.Logger;

/** A line in the log for each ended run. */
@ApplicationScoped
public class RunLog {
    private static final Logger LOG = Logger.getLogger("io.github.litestow.runs");

    void ended(@Observes RunRecord run) {
        Logger.Level level = switch (run.result().which()) {
            case FAILED -> Logger.Level.ERROR;
            case SKIPPED -> Logger.Level.WARN;
            case NOTHING_TO_SNAPSHOT -> Logger.Level.DEBUG;
            case OFFLOADED, SNAPSHOTTED, UNCHANGED, RESTORED, ALREADY_PRESENT, NOTHING_TO_RESTORE, VERIFIED ->
                Logger.Level.INFO;
        };
        LOG.logf(level, "%s: %s by %s: %s", run.database(), run.operation().label(), run.trigger(), TextReport.of(run));
    }
}
