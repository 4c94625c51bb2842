package io.github.litestow.http;

import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import jakarta.ws.rs.core.Response;
import org.jboss.logging.Logger;

/** What work with restore points answers when it cannot be done. */
final class PointRefusals {
    private static final Logger LOG = Logger.getLogger(PointRefusals.class);

    private PointRefusals() {}

    /** Such work. */
    interface Work<T> {
        T done() throws Failure;
    }

    /**
     * Causes and hints may name paths and URLs: they go to the log. A time in the future is a mistake in the
     * command line elsewhere; here it is one more point that is not there.
     */
    static <T> T answered(Work<T> work) {
        try {
            return work.done();
        } catch (Failure e) {
            LOG.warnf("refused over HTTP: %s. %s", e.getMessage(), e.hint());
            throw switch (e.kind()) {
                case REFUSED, SETTINGS ->
                    new Refused(
                            Response.Status.CONFLICT,
                            FailureKind.REFUSED,
                            "There is no such restore point, label or table, or two could be meant, or the time is in"
                                    + " the future. The restore points are listed at `restore-points`; the log says"
                                    + " more.");
                case BUSY ->
                    new Refused(
                            Response.Status.CONFLICT,
                            e.kind(),
                            "Another run is working on this database. Ask again when it has ended.");
                default ->
                    new Refused(
                            Response.Status.BAD_GATEWAY,
                            e.kind(),
                            "That could not be done: " + e.kind().label() + ". The log says why and what to do.");
            };
        }
    }
}
