package io.github.litestow.points;

import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Every label and pin of one replica: a label names one point. Immutable. */
public final class PointMarks {
    /** Of no replica. */
    public static final PointMarks NONE = new PointMarks(List.of());

    /** Bounds the object that is rewritten for each of them. */
    static final int MAX_MARKS = 2_000;

    private final NavigableMap<String, PointMark> marks = new TreeMap<>();

    PointMarks(Collection<PointMark> all) {
        all.stream().filter(mark -> !mark.nothing()).forEach(mark -> marks.put(mark.txid(), mark));
    }

    /** Returns all, in the order of their points. */
    public List<PointMark> all() {
        return List.copyOf(marks.values());
    }

    /** Returns what was said of a point; nothing of most. */
    public PointMark of(String txid) {
        return marks.getOrDefault(txid, PointMark.none(txid));
    }

    /** Returns the transactions of the points that retention leaves alone. */
    public Set<String> pinned() {
        return marks.values().stream()
                .filter(PointMark::pinned)
                .map(PointMark::txid)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Returns every label, oldest point first. */
    public List<String> labels() {
        return marks.values().stream().flatMap(mark -> mark.labels().stream()).toList();
    }

    /**
     * Returns the point with a label.
     *
     * @throws Failure {@code REFUSED} when somebody wrote the label to several points by hand
     */
    public Optional<String> labelled(String label) throws Failure {
        List<String> named = marks.values().stream()
                .filter(mark -> mark.labels().contains(label))
                .map(PointMark::txid)
                .toList();
        if (named.size() > 1) {
            throw new Failure(
                    FailureKind.REFUSED,
                    "the label '" + label + "' names " + named.size() + " restore points: " + String.join(", ", named),
                    "Name the transaction instead, or take the label off all but one with `label --remove`.");
        }
        return named.stream().findFirst();
    }

    /**
     * Returns the same with a label at a point.
     *
     * @throws Failure {@code REFUSED} when it already names another one
     */
    public PointMarks label(String txid, PointLabel label) throws Failure {
        Optional<String> taken = labelled(label.text()).filter(other -> !other.equals(txid));
        if (taken.isPresent()) {
            throw new Failure(
                    FailureKind.REFUSED,
                    "the label '" + label + "' already names restore point " + taken.get(),
                    "A label names one point: choose another, or take it off that one first with `label --remove "
                            + taken.get() + " '" + label + "'`.");
        }
        return with(of(txid).called(label.text()));
    }

    /**
     * Returns the same without a label at a point.
     *
     * @throws Failure {@code REFUSED} when the point is not called so
     */
    public PointMarks unlabel(String txid, PointLabel label) throws Failure {
        if (!of(txid).labels().contains(label.text())) {
            throw new Failure(
                    FailureKind.REFUSED,
                    "restore point " + txid + " is not labelled '" + label + "'",
                    "`list` shows which label is where.");
        }
        return with(of(txid).notCalled(label.text()));
    }

    /** Returns the same with a point pinned or not. */
    public PointMarks pin(String txid, boolean pinned) {
        return with(of(txid).pinned(pinned));
    }

    /** Returns the same with these points pinned too. */
    PointMarks pinned(Collection<String> txids) {
        PointMarks more = this;
        for (String txid : txids) {
            more = more.pin(txid, true);
        }
        return more;
    }

    /**
     * Returns the same without the labels of points that are no longer there, so that these can be given
     * again. Pins stay: that a pinned point is gone must be seen.
     */
    public PointMarks only(Set<String> there) {
        return new PointMarks(marks.values().stream()
                .filter(mark -> mark.pinned() || there.contains(mark.txid()))
                .toList());
    }

    private PointMarks with(PointMark changed) {
        List<PointMark> others = new ArrayList<>(marks.values());
        others.removeIf(mark -> mark.txid().equals(changed.txid()));
        others.add(changed);
        return new PointMarks(others);
    }
}
