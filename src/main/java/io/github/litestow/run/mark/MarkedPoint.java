package io.github.litestow.run.mark;

import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.points.PointMark;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.List;

/**
 * A restore point with what people said of it.
 *
 * @param database the database's name
 * @param txid its transaction
 * @param time when it was confirmed
 * @param assurance how sure we are of it
 * @param labels what it is called
 * @param pinned whether retention leaves it alone
 */
@RegisterForReflection
public record MarkedPoint(
        String database, String txid, Instant time, String assurance, List<String> labels, boolean pinned) {

    static MarkedPoint of(String database, RestorePoint point, PointMark mark) {
        return new MarkedPoint(
                database, point.txid(), point.time(), point.assurance().label(), mark.labels(), mark.pinned());
    }

    /** Returns a line for a person. */
    public String words() {
        return database + ": " + txid + "  " + time + "  " + assurance + (pinned ? "  pinned" : "")
                + (labels.isEmpty() ? "" : "  " + String.join(", ", labels));
    }
}
