package io.github.litestow.points;

import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.RestorePoint;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * A restore point as people name it: its label, its transaction (up to 16 hexadecimal digits), or a time,
 * which means the newest point at or before it. Immutable.
 */
public final class PointReference {
    /** What means the local database where that is possible. */
    public static final String LOCAL = "local";

    private static final int DIGITS = 16;
    private static final Pattern HEX = Pattern.compile("[0-9a-fA-F]{1,16}");

    private final String text;

    private PointReference(String text) {
        this.text = text;
    }

    /** Returns what the text refers to; whether there is such a point is seen when it is looked for. */
    public static PointReference of(String text) {
        return new PointReference(text.strip());
    }

    /** Returns a reference by label alone. */
    public static RestorePoint labelled(String label, List<RestorePoint> points, PointMarks marks) throws Failure {
        Optional<String> txid = marks.labelled(label.strip());
        if (txid.isEmpty()) {
            throw notLabelled(label.strip(), marks);
        }
        return at(txid.get(), points)
                .orElseThrow(() -> new Failure(
                        FailureKind.REFUSED,
                        "restore point " + txid.get() + ", which is labelled '" + label
                                + "', is not at the replica any more",
                        "Only a pinned point survives retention. `list` shows what there is; the bucket's versions may"
                                + " still have its files."));
    }

    /** Whether the local database is meant. */
    public boolean local() {
        return text.equals(LOCAL);
    }

    /**
     * Returns the point that is meant.
     *
     * @param points what there is, oldest first
     * @param marks the labels
     * @param now what an age counts back from
     * @param zone the zone of a local time
     * @throws Failure {@code REFUSED} when there is no such point, or two could be meant; {@code SETTINGS}
     *     for a time that cannot be
     */
    public RestorePoint in(List<RestorePoint> points, PointMarks marks, Instant now, ZoneId zone) throws Failure {
        Optional<RestorePoint> byTxid = HEX.matcher(text).matches()
                ? at("0".repeat(DIGITS - text.length()) + text.toLowerCase(Locale.ROOT), points)
                : Optional.empty();
        Optional<String> byLabel = marks.labelled(text);
        if (byLabel.isPresent()
                && byTxid.isPresent()
                && !byLabel.get().equals(byTxid.get().txid())) {
            throw new Failure(
                    FailureKind.REFUSED,
                    "'" + text + "' is the label of " + byLabel.get() + " and could be transaction "
                            + byTxid.get().txid(),
                    "Write the transaction with all its 16 digits.");
        }
        Optional<PointInTime> time = PointInTime.parse(text);
        if (byTxid.isPresent() && time.isPresent()) {
            throw new Failure(
                    FailureKind.REFUSED,
                    "'" + text + "' could be transaction " + byTxid.get().txid() + ", and a time",
                    "Write the transaction with all its 16 digits, or the time as '" + text + " ago'.");
        }
        if (byTxid.isPresent()) {
            return byTxid.get();
        }
        if (byLabel.isPresent()) {
            return labelled(text, points, marks);
        }
        if (time.isPresent()) {
            return atOrBefore(time.get().at(now, zone), points);
        }
        if (HEX.matcher(text).matches()) {
            throw new Failure(
                    FailureKind.REFUSED,
                    "the replica holds no restore point " + text + ", and none is labelled so",
                    "`list` shows what there is.");
        }
        throw notLabelled(text, marks);
    }

    private static RestorePoint atOrBefore(Instant moment, List<RestorePoint> points) throws Failure {
        return points.stream()
                .filter(point -> !point.time().isAfter(moment))
                .max(RestorePoint::compareTo)
                .orElseThrow(() -> new Failure(
                        FailureKind.REFUSED,
                        "the replica holds no restore point as old as " + moment,
                        points.isEmpty()
                                ? "It holds none at all."
                                : "The first is " + points.get(0).words() + "."));
    }

    private static Optional<RestorePoint> at(String txid, List<RestorePoint> points) {
        return points.stream().filter(point -> point.txid().equals(txid)).findFirst();
    }

    private static Failure notLabelled(String text, PointMarks marks) {
        Set<String> labels = new TreeSet<>(marks.labels());
        return new Failure(
                FailureKind.REFUSED,
                "no restore point is labelled '" + text + "'",
                labels.isEmpty()
                        ? "There is no label at all; `list` shows the points."
                        : "Labels: " + String.join(", ", labels));
    }

    @Override
    public String toString() {
        return text;
    }
}
