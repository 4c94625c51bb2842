package io.github.litestow.points;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.store.ObjectVersion;
import io.github.litestow.store.Replica;
import io.github.litestow.store.StoredObject;
import io.github.litestow.store.VersionedReplica;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * {@code litestow/points.json}: the labels and pins of one replica, changed conditionally. Which points are
 * pinned is in the replica's record of proofs as well: a pin is there before it is here and longer, so that
 * the loss of this object costs labels and unprotects nothing. Safe for concurrent use.
 */
public final class MarkRecord {
    private static final String KEY = "litestow/points.json";
    private static final int MAX_ATTEMPTS = 5;

    /** Written again after this, so that a lifecycle rule that deletes what is old does not take it. */
    private static final Duration REWRITTEN_AFTER = Duration.ofDays(7);

    private final Replica replica;

    /** The record of a replica; asks nobody yet. */
    public MarkRecord(Replica replica) {
        this.replica = replica;
    }

    /** A change of labels or pins. */
    @FunctionalInterface
    public interface Change {
        /**
         * Returns what is to be there.
         *
         * @throws Failure {@code REFUSED} when that cannot be
         */
        PointMarks of(PointMarks before) throws Failure;
    }

    /** Returns the labels and pins. Where the object is gone, the pins that are known all the same. */
    public PointMarks read() throws Failure {
        Optional<StoredObject> object = replica.store().read(KEY);
        return object.isPresent() ? parse(object.get()).points() : pinsAlone();
    }

    /**
     * Returns the transactions that must not be pruned, as they are at this moment.
     *
     * @param writing whether the object may be written, because it is gone or has become old
     * @param warnings gets what a person should know
     * @throws Failure when it cannot be said which points are pinned: then nothing may be deleted
     */
    public Set<String> pinnedNow(boolean writing, Consumer<String> warnings) throws Failure {
        Optional<StoredObject> object = replica.store().read(KEY);
        Set<String> pinned = new HashSet<>(replica.pins());
        if (object.isEmpty()) {
            if (!pinned.isEmpty()) {
                warnings.accept(KEY + " at " + replica.url() + " is gone, and with it the labels; the " + pinned.size()
                        + " pinned restore points are known all the same and stay");
                if (writing) {
                    replica.store().create(KEY, bytes(pinsAlone()));
                }
            }
            return pinned;
        }
        MarksDocument document = parse(object.get());
        pinned.addAll(document.points().pinned());
        if (writing && old(document)) {
            // Somebody who changes it at this moment makes it young as well.
            replica.store().replace(KEY, bytes(document.points()), object.get().version());
        }
        return pinned;
    }

    /**
     * Changes labels or pins, and returns what there is now. Only for who may write to the replica.
     *
     * @param there the transactions of every restore point; labels of others are dropped
     * @throws Failure {@code REFUSED} when the change cannot be; {@code BUSY} when others keep changing it
     */
    public PointMarks change(Set<String> there, Change change) throws Failure {
        if (!replica.keepsObjects()) {
            throw new Failure(
                    FailureKind.REFUSED,
                    "Litestow keeps no labels and pins at " + replica.url(),
                    "This scheme is passed through to litestream; s3:// and file:// replicas have them.");
        }
        for (int attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
            Optional<StoredObject> object = replica.store().read(KEY);
            PointMarks before = object.isPresent() ? parse(object.get()).points() : pinsAlone();
            PointMarks after = change.of(before.only(there));
            refuseTooMany(after);
            if (object.isPresent() && after.all().equals(before.all())) {
                replica.pins(after.pinned());
                return after;
            }
            Set<String> both = new HashSet<>(before.pinned());
            both.addAll(after.pinned());
            replica.pins(both);
            boolean done = object.isPresent()
                    ? replica.store().replace(KEY, bytes(after), object.get().version())
                    : replica.store().create(KEY, bytes(after));
            if (done) {
                replica.pins(after.pinned());
                return after;
            }
        }
        throw new Failure(
                FailureKind.BUSY,
                KEY + " at " + replica.url() + " keeps being changed by another service",
                "Only one service may write to a replica; stop the other one.");
    }

    /**
     * Returns the transactions that had a label in any version of this record, with when that is first seen:
     * who has the keys can move a label, and cannot unsay where it was.
     */
    public static SortedMap<String, Instant> everLabelled(String label, Replica replica, VersionedReplica versions)
            throws Failure {
        SortedMap<String, Instant> labelled = new TreeMap<>();
        for (ObjectVersion version : versions.of(KEY)) {
            StoredObject object = new StoredObject(versions.bytes(version), version.id());
            List<PointMark> marks;
            try {
                marks = replica.objects()
                        .parse(KEY, object, MarksDocument.class)
                        .marks();
            } catch (Failure damaged) {
                // What is no record of ours says nothing.
                marks = List.of();
            }
            marks.stream()
                    .filter(mark -> mark.labels().contains(label))
                    .forEach(mark -> labelled.putIfAbsent(mark.txid(), version.time()));
        }
        return labelled;
    }

    private PointMarks pinsAlone() throws Failure {
        return PointMarks.NONE.pinned(replica.pins());
    }

    private boolean old(MarksDocument document) {
        Optional<Instant> now = replica.time();
        return now.isPresent()
                && document.written()
                        .filter(written ->
                                Duration.between(written, now.get()).abs().compareTo(REWRITTEN_AFTER) <= 0)
                        .isEmpty();
    }

    private static void refuseTooMany(PointMarks marks) throws Failure {
        if (marks.all().size() > PointMarks.MAX_MARKS) {
            throw new Failure(
                    FailureKind.REFUSED,
                    "more than " + PointMarks.MAX_MARKS + " restore points would be labelled or pinned",
                    "Take some off with `unpin` and `label --remove`; retention keeps points by age, see"
                            + " LITESTOW_RETENTION_KEEP_DAILY and the like.");
        }
    }

    private byte[] bytes(PointMarks marks) {
        return replica.objects().bytes(new MarksDocument(marks.all(), replica.time()));
    }

    private MarksDocument parse(StoredObject object) throws Failure {
        return replica.objects().parse(KEY, object, MarksDocument.class);
    }

    /**
     * The object.
     *
     * @param marks by transaction
     * @param written when, by the store's clock
     */
    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record MarksDocument(List<PointMark> marks, Optional<Instant> written) {
        /** Without marks it is damaged. */
        MarksDocument {
            Objects.requireNonNull(marks, "marks");
            marks = List.copyOf(marks);
            written = written == null ? Optional.empty() : written;
        }

        private PointMarks points() {
            return new PointMarks(marks);
        }
    }
}
