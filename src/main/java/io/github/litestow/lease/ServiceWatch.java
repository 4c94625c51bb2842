package io.github.litestow.lease;

import io.github.litestow.outcome.Failure;
import io.github.litestow.store.JsonObjects;
import io.github.litestow.store.Replica;
import io.github.litestow.store.ReplicaStore;
import io.github.litestow.store.StoredObject;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongSupplier;

/**
 * Finds out whether lives of other services' leases, at one place, are over. One that was seen silent for
 * its whole time is ended first, by a conditional write: a holder that only was slow wins that race by
 * renewing, and one that wakes up later finds its life over and never writes again under it. What is over
 * stays over, so it is asked once however many databases rest on it. Safe for concurrent use.
 */
final class ServiceWatch {
    private static final String NOTHING = "";

    private final ReplicaStore store;
    private final JsonObjects objects;
    private final LongSupplier nanoTime;
    private final Map<String, Silence> silences = new HashMap<>();
    private final Map<ServiceReference, Verdict> over = new HashMap<>();

    ServiceWatch(Replica root, LongSupplier nanoTime) {
        this.store = root.store();
        this.objects = root.objects();
        this.nanoTime = nanoTime;
    }

    /** What is known of one life of a service's lease. */
    enum Verdict {
        /** It rests on no service. */
        NONE,
        /** It may be alive or not. */
        WAIT,
        /** It was seen to be renewed. */
        ALIVE,
        /** Its holder gave it back, and wrote nothing afterwards. */
        GIVEN_BACK,
        /** It was ended; what its holder had begun to write may still arrive. */
        ENDED;

        boolean over() {
            return this == GIVEN_BACK || this == ENDED;
        }
    }

    /**
     * Looks once, and ends a life that was silent for its time.
     *
     * @throws Failure when the place cannot be read or written
     */
    synchronized Verdict look(ServiceReference life) throws Failure {
        Verdict known = over.get(life);
        if (known != null) {
            return known;
        }
        Verdict now = lookAt(life, store.read(life.key()));
        if (now.over()) {
            over.put(life, now);
        }
        return now;
    }

    private Verdict lookAt(ServiceReference life, Optional<StoredObject> object) throws Failure {
        Silence silence = silences.computeIfAbsent(life.id() + "/" + life.epoch(), any -> new Silence(nanoTime));
        if (object.isEmpty()) {
            // Its holder may still rely on it by its own clock.
            if (silence.lasted(NOTHING, life.ttlMillis())) {
                return store.create(life.key(), tombstone(life)) ? Verdict.ENDED : Verdict.WAIT;
            }
            silence.sawLife(NOTHING, life.id(), life.ttlMillis());
            return Verdict.WAIT;
        }
        LeaseDocument there = LeaseDocument.parse(objects, life.key(), object.get());
        if (!life.epoch().equals(there.epoch())) {
            return Verdict.ENDED;
        }
        if (there.free()) {
            return there.killed() != null && there.killed() ? Verdict.ENDED : Verdict.GIVEN_BACK;
        }
        if (there.holderIsDead() || silence.lasted(object.get().version(), there.ttlMillis())) {
            byte[] ended = objects.bytes(there.ended(UUID.randomUUID().toString()));
            return store.replace(life.key(), ended, object.get().version()) ? Verdict.ENDED : Verdict.WAIT;
        }
        return silence.sawLife(object.get().version(), there.holder(), there.ttlMillis())
                ? Verdict.ALIVE
                : Verdict.WAIT;
    }

    private byte[] tombstone(ServiceReference life) {
        LeaseDocument gone = new LeaseDocument(
                new Lease.Holder("", "a service whose lease vanished"),
                "",
                life.ttlMillis(),
                UUID.randomUUID().toString(),
                WriteClaims.NONE,
                Optional.of(life.epoch()));
        return objects.bytes(gone.ended(UUID.randomUUID().toString()));
    }
}
