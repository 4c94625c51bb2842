package io.github.litestow.run.restore;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.run.ReplicaTransfer;
import io.github.litestow.run.RunContext;
import java.time.Instant;
import java.util.List;
import org.jboss.logging.Logger;

/** The restore points at hand, and which of them a request gets. */
final class RestorePointSelection {
    private static final Logger LOG = Logger.getLogger(RestorePointSelection.class);

    private final RunContext context;
    private final ReplicaTransfer transfer;
    private final List<RestorePoint> points;
    private final ConfiguredDatabase settings;
    private boolean passedOver;

    /** Takes the points oldest first, at least one. */
    RestorePointSelection(RunContext context, ReplicaTransfer transfer, List<RestorePoint> points) {
        this.context = context;
        this.transfer = transfer;
        this.points = points;
        this.settings = context.database().settings();
    }

    /**
     * Restores what is asked for into scratch.
     *
     * @throws Failure {@code PROOF_FAILED} when the point is damaged, naming the newest that restores
     */
    ReplicaTransfer.Restored restore(RestoreRequest request) throws Failure {
        int wanted = wanted(request.point());
        try {
            return restore(points.get(wanted));
        } catch (Failure e) {
            if (e.kind() != FailureKind.PROOF_FAILED) {
                throw e;
            }
            ReplicaTransfer.Restored older = newestThatRestores(wanted, e);
            String lost =
                    points.get(wanted).txid() + " of " + points.get(wanted).time();
            if (request.fallback()) {
                passedOver = true;
                context.warn("restore point " + lost + " is damaged and lost, "
                        + older.point().txid() + " of " + older.point().time() + " is taken instead: "
                        + e.getMessage());
                return older;
            }
            throw new Failure(
                    FailureKind.PROOF_FAILED,
                    "restore point " + lost + " is damaged: " + e.getMessage(),
                    "The newest that restores is " + older.point().txid() + " of "
                            + older.point().time() + "; `restore --fallback` takes it and loses what came after.",
                    e);
        }
    }

    /** Returns whether a damaged point was passed over, as asked. */
    boolean passedOver() {
        return passedOver;
    }

    private int wanted(RestoreRequest.Point point) {
        if (point.txid().isPresent()) {
            return indexOf(point.txid().get());
        }
        return point.at().isPresent() ? lastAtOrBefore(point.at().get()) : points.size() - 1;
    }

    /** The restore run has made sure that it is one of the points. */
    private int indexOf(String txid) {
        return points.stream().map(RestorePoint::txid).toList().indexOf(txid);
    }

    /** The restore run has made sure that one of the points is that old. */
    private int lastAtOrBefore(Instant at) {
        int last = points.size() - 1;
        while (last > 0 && points.get(last).time().isAfter(at)) {
            last--;
        }
        return last;
    }

    private ReplicaTransfer.Restored newestThatRestores(int before, Failure why) throws Failure {
        for (int i = before - 1; i >= 0; i--) {
            LOG.infof(
                    "%s: %s does not restore, trying %s",
                    settings.name(), points.get(i + 1).txid(), points.get(i).txid());
            try {
                return restore(points.get(i));
            } catch (Failure e) {
                if (e.kind() != FailureKind.PROOF_FAILED) {
                    throw e;
                }
                context.note(points.get(i).txid() + " is damaged too: " + e.getMessage());
            }
        }
        throw new Failure(
                FailureKind.PROOF_FAILED,
                "no restore point of the replica " + settings.replica() + " restores: " + why.getMessage(),
                "Bring the damaged objects back from a copy or from the bucket's versions.",
                why);
    }

    private ReplicaTransfer.Restored restore(RestorePoint point) throws Failure {
        LOG.infof("%s: restoring %s from %s", settings.name(), point.txid(), settings.replica());
        return new ReplicaTransfer.Restored(point, transfer.restoredWithRoom(point));
    }
}
