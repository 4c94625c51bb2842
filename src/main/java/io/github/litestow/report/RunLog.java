package io.github.litestow.report;

import io.github.litestow.outcome.RunRecord;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.interceptor.Interceptor;
import org.jboss.logging.Logger;

/** A line in the log for each ended run. */
@ApplicationScoped
public class RunLog {
    private static final Logger LOG = Logger.getLogger("io.github.litestow.runs");

    private volatile boolean stopping;

    /** Before the runs are stopped. */
    void stopping(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) ShutdownEvent event) {
        stopping = true;
    }

    void ended(@Observes RunRecord run) {
        Logger.Level level = switch (run.result().which()) {
            // To an error during a stop Quarkus appends that it "occurred after shutdown", which this is not.
            case FAILED -> stopping ? Logger.Level.WARN : Logger.Level.ERROR;
            case SKIPPED -> Logger.Level.WARN;
            case NOTHING_TO_SNAPSHOT -> Logger.Level.DEBUG;
            case OFFLOADED, SNAPSHOTTED, UNCHANGED, RESTORED, ALREADY_PRESENT, NOTHING_TO_RESTORE, VERIFIED ->
                Logger.Level.INFO;
        };
        LOG.logf(level, "%s: %s by %s: %s", run.database(), run.operation().label(), run.trigger(), TextReport.of(run));
    }
}
