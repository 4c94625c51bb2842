package io.github.litestow.run.mark;

import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.points.MarkRecord;
import io.github.litestow.points.PointLabel;
import io.github.litestow.points.PointMarks;
import io.github.litestow.run.RunContext;
import io.github.litestow.run.Step;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * What a snapshot is to be called, and whether it is to be pinned. Immutable.
 *
 * @param label its label; empty for one that is only pinned
 * @param pin whether retention leaves it alone
 */
public record SnapshotMark(Optional<PointLabel> label, boolean pin) {

    /**
     * Makes sure that the label is free, before anything is uploaded for it.
     *
     * @throws Failure {@code REFUSED} when it names a point that this snapshot cannot be
     */
    public void refuseTaken(RunContext context) throws Failure {
        context.at(Step.PROBE);
        PointMarks marks = new MarkRecord(context.database().replica()).read();
        Optional<String> newest = context.database().journal().state().newest().map(RestorePoint::txid);
        if (label.isPresent() && !marks.labelled(label.get().text()).equals(newest)) {
            marks.only(OfferedPoints.txids(context.database().replica())).label("0".repeat(16), label.get());
        }
    }

    /** Labels and pins a point that was just made, or found to be the newest still. */
    public void put(RunContext context, RestorePoint point) throws Failure {
        context.takeLease();
        context.at(Step.RECORD);
        context.database().lease().renew();
        Set<String> there = new HashSet<>(OfferedPoints.txids(context.database().replica()));
        there.add(point.txid());
        new MarkRecord(context.database().replica()).change(there, before -> {
            PointMarks named = label.isPresent() ? before.label(point.txid(), label.get()) : before;
            return pin ? named.pin(point.txid(), true) : named;
        });
    }
}
