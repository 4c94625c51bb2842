package io.github.litestow.store;

import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.RecordedPoint;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/** {@code litestow/proofs.json}: every restore point and what is known of it, changed conditionally. */
final class ProofRecord {
    private static final String KEY = "litestow/proofs.json";

    /** Two weeks of the default schedule; bounds the object's size. */
    private static final int MAX_POINTS = 4_032;

    private static final int MAX_ATTEMPTS = 5;

    private final String url;
    private final ReplicaStore store;
    private final JsonObjects objects;

    ProofRecord(String url, ReplicaStore store, JsonObjects objects) {
        this.url = url;
        this.store = store;
        this.objects = objects;
    }

    /** Returns every recorded restore point, oldest first. */
    List<RecordedPoint> points() throws Failure {
        Optional<StoredObject> object = store.read(KEY);
        return object.isPresent() ? parse(object.get()) : List.of();
    }

    /** Adds restore points; of one transaction the strongest assurance stays. */
    void add(Collection<RecordedPoint> points) throws Failure {
        rewrite(recorded -> points.forEach(point -> recorded.merge(point.txid(), point, RecordedPoint::and)));
    }

    /**
     * Changes the record, which others may change at the same time.
     *
     * @throws Failure {@code BUSY} when others keep doing so
     */
    void rewrite(Consumer<NavigableMap<String, RecordedPoint>> edit) throws Failure {
        if (!store.keepsObjects()) {
            return;
        }
        for (int attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
            Optional<StoredObject> object = store.read(KEY);
            NavigableMap<String, RecordedPoint> recorded = new TreeMap<>();
            if (object.isPresent()) {
                parse(object.get()).forEach(point -> recorded.put(point.txid(), point));
            }
            edit.accept(recorded);
            List<RecordedPoint> all = new ArrayList<>(recorded.values());
            byte[] body =
                    objects.bytes(new ProofsDocument(all.subList(Math.max(0, all.size() - MAX_POINTS), all.size())));
            boolean done =
                    object.isPresent() ? store.replace(KEY, body, object.get().version()) : store.create(KEY, body);
            if (done) {
                return;
            }
        }
        throw new Failure(
                FailureKind.BUSY,
                "the proof record at " + url + " keeps being changed by another service",
                "Only one service may write to a replica; stop the other one.");
    }

    private List<RecordedPoint> parse(StoredObject object) throws Failure {
        return objects.parse(KEY, object, ProofsDocument.class).points();
    }

    /** The object. */
    @RegisterForReflection
    record ProofsDocument(List<RecordedPoint> points) {
        /** Without points it is damaged. */
        ProofsDocument {
            Objects.requireNonNull(points, "points");
            points = List.copyOf(points);
        }
    }
}
