package io.github.litestow.store;

import io.github.litestow.outcome.Failure;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Optional;

/**
 * {@code litestow/ownership.json}: owner and mode of the database, so that a restore on a new machine
 * can give them back. Safe for concurrent use.
 */
public final class OwnershipRecord {
    private static final String KEY = "litestow/ownership.json";

    private final ReplicaStore store;
    private final JsonObjects objects;
    private volatile Optional<String> kept = Optional.empty();

    OwnershipRecord(ReplicaStore store, JsonObjects objects) {
        this.store = store;
        this.objects = objects;
    }

    /** Returns what was written down last, opaque; empty when nothing was, or the store keeps no objects. */
    public Optional<String> read() throws Failure {
        Optional<StoredObject> object = store.read(KEY);
        return object.isPresent() ? parse(object.get()) : Optional.empty();
    }

    /**
     * Writes it down unless it is there. The store is asked once for each text, so an object that was
     * lost is made anew after a restart.
     */
    public void keep(String ownership) throws Failure {
        if (!store.keepsObjects() || kept.filter(ownership::equals).isPresent()) {
            return;
        }
        byte[] body = objects.bytes(new OwnershipDocument(ownership));
        Optional<StoredObject> object = store.read(KEY);
        boolean same = object.isPresent()
                && parse(object.get()).filter(ownership::equals).isPresent();
        boolean done = same
                || (object.isPresent() ? store.replace(KEY, body, object.get().version()) : store.create(KEY, body));
        kept = Optional.of(ownership).filter(text -> done);
    }

    private Optional<String> parse(StoredObject object) throws Failure {
        return Optional.ofNullable(
                objects.parse(KEY, object, OwnershipDocument.class).ownership());
    }

    /** The object. */
    @RegisterForReflection
    record OwnershipDocument(String ownership) {}
}
