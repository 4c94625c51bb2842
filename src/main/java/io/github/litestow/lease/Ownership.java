package io.github.litestow.lease;

import io.github.litestow.outcome.Failure;
import io.github.litestow.store.JsonObjects;
import io.github.litestow.store.Replica;
import io.github.litestow.store.ReplicaStore;
import io.github.litestow.store.StoredObject;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongSupplier;

/**
 * The lease of one database that rests on the lease of a service (decision 0023): written once, by a
 * conditional write that names one life of that lease, and valid while that life lasts. Nobody else may
 * take it before that life was given back, or was silent for its time and then ended by a conditional
 * write; so while our own life is sure by the clock, what we once wrote is still there, and nobody has to
 * be asked. Safe for concurrent use.
 */
final class Ownership {
    private final Replica replica;
    private final ReplicaStore store;
    private final JsonObjects objects;
    private final Lease service;
    private final ServiceReference place;
    private final Lease.Holder self;
    private final ServiceWatches others;
    private final Silence silence;
    /** Lives of our own lease under which this database may have been taken. */
    private final Set<String> lives = new HashSet<>();

    /** Of the last write, if the answer to it named that. */
    private Optional<String> version = Optional.empty();

    private volatile Optional<String> life = Optional.empty();
    private volatile WriteClaims claims = WriteClaims.NONE;
    private Optional<String> relieved = Optional.empty();

    /**
     * Makes the lease of one database; asks nobody yet.
     *
     * @param service the lease on which it rests
     * @param place names that lease; of which life is filled in
     * @param self who would hold it
     */
    Ownership(
            Replica replica,
            Lease service,
            ServiceReference place,
            Lease.Holder self,
            ServiceWatches others,
            LongSupplier nanoTime) {
        this.replica = replica;
        this.store = replica.store();
        this.objects = replica.objects();
        this.service = service;
        this.place = place;
        this.self = self;
        this.others = others;
        this.silence = new Silence(nanoTime);
    }

    /** Returns how long the database is surely ours; zero when it is not. Asks nobody. */
    Duration left() {
        Optional<String> under = life;
        Duration left = service.left();
        // Asked in this order: a life that began meanwhile is another one.
        return under.isPresent() && under.equals(service.epoch()) ? left : Duration.ZERO;
    }

    /**
     * Looks once, and takes the database if it is free; the service's own lease must be held.
     *
     * @throws Failure when the replica cannot be read or written
     */
    synchronized Lease.Answer take() throws Failure {
        Optional<String> now = service.epoch();
        if (now.isEmpty() || service.left().isZero()) {
            return new Lease.Answer(Lease.State.WAIT, self.who());
        }
        life = Optional.empty();
        // Asked although it may be ours: an object that is written once may vanish by a lifecycle rule.
        Optional<StoredObject> object = store.read(Lease.KEY);
        if (object.isEmpty()) {
            return written(now.get(), WriteClaims.NONE, Optional.empty()) ? held() : outrun();
        }
        LeaseDocument there = LeaseDocument.parse(objects, object.get());
        if (ours(there, now.get()) && there.uploading() == null) {
            // Taken before, by this life or by a write whose answer was lost.
            claims = there.claims();
            version = Optional.of(object.get().version());
            life = now;
            return held();
        }
        Finding found = look(object.get(), there, now.get());
        if (!found.free()) {
            return new Lease.Answer(found.alive() ? Lease.State.ALIVE : Lease.State.WAIT, there.who());
        }
        WriteClaims saying = there.inherited(replica, found.silent());
        if (!written(now.get(), saying, Optional.of(object.get().version()))) {
            return outrun();
        }
        relieved = found.silent() ? Optional.of(there.who()) : relieved;
        return held();
    }

    private record Finding(boolean free, boolean silent, boolean alive) {}

    /** Looks without taking anything: who has it; empty when it is ours, or free to be taken. */
    synchronized Optional<String> holder() throws Failure {
        Optional<String> now = service.epoch();
        if (now.isPresent() && life.equals(now)) {
            return Optional.empty();
        }
        Optional<StoredObject> object = store.read(Lease.KEY);
        if (object.isEmpty()) {
            return Optional.empty();
        }
        LeaseDocument there = LeaseDocument.parse(objects, object.get());
        return look(object.get(), there, now.orElse("")).free() ? Optional.empty() : Optional.of(there.who());
    }

    private boolean ours(LeaseDocument there, String now) {
        return !there.free()
                && there.service() != null
                && there.service().id().equals(place.id())
                && there.service().epoch().equals(now);
    }

    private Finding look(StoredObject object, LeaseDocument there, String now) throws Failure {
        if (there.free()) {
            return new Finding(true, false, false);
        }
        boolean sameId = there.service() != null && there.service().id().equals(place.id());
        if (sameId
                && (there.service().epoch().equals(now)
                        || lives.contains(there.service().epoch()))) {
            // Of this life, or of one that is over, and nobody took the database from it.
            return new Finding(true, false, false);
        }
        if (there.service() != null) {
            ServiceWatch.Verdict other = others.verdict(replica, there);
            return new Finding(other.over(), other == ServiceWatch.Verdict.ENDED, other == ServiceWatch.Verdict.ALIVE);
        }
        if (there.holderIsDead() || silence.lasted(object.version(), there.ttlMillis())) {
            return new Finding(true, true, false);
        }
        return new Finding(false, false, silence.sawLife(object.version(), there.holder(), there.ttlMillis()));
    }

    /**
     * Says at the replica what is about to be uploaded, in the place of what the last write left there. When
     * that is there no more or is not known, or the time is over, it is looked what is.
     *
     * @return whether the database is ours
     * @throws Failure when that could not be written
     */
    synchronized boolean say(Optional<WriteClaims.Upload> upload) throws Failure {
        Optional<String> now = life;
        if (now.isEmpty() || !now.equals(service.epoch())) {
            return false;
        }
        Optional<String> known = version.filter(any -> !left().isZero());
        if (known.isPresent() && written(now.get(), claims.uploading(upload), known)) {
            return true;
        }
        Optional<StoredObject> object = store.read(Lease.KEY);
        boolean ours = object.isPresent() && ours(LeaseDocument.parse(objects, object.get()), now.get());
        if (!ours
                || !written(
                        now.get(),
                        claims.uploading(upload),
                        Optional.of(object.get().version()))) {
            // Nobody who knows of services does that: it was moved away, or written over by hand.
            life = Optional.empty();
            return false;
        }
        return true;
    }

    /**
     * Gives the database to whoever wants it.
     *
     * @throws Failure when that could not be written
     */
    synchronized void release() throws Failure {
        Optional<String> now = life;
        life = Optional.empty();
        if (now.isEmpty()) {
            return;
        }
        Optional<StoredObject> object = store.read(Lease.KEY);
        if (object.isPresent() && ours(LeaseDocument.parse(objects, object.get()), now.get())) {
            LeaseDocument free = new LeaseDocument(
                    self, "", place.ttlMillis(), UUID.randomUUID().toString(), claims, Optional.empty());
            store.replace(Lease.KEY, objects.bytes(free), object.get().version());
        }
    }

    WriteClaims claims() {
        return claims;
    }

    /** Returns who fell silent and was relieved since this was asked last. */
    synchronized Optional<String> relieved() {
        Optional<String> who = relieved;
        relieved = Optional.empty();
        return who;
    }

    private boolean written(String under, WriteClaims saying, Optional<String> before) throws Failure {
        version = Optional.empty();
        lives.add(under);
        ServiceReference on = new ServiceReference(place.id(), under, place.up(), place.ttlMillis());
        byte[] body =
                objects.bytes(LeaseDocument.resting(self, on, UUID.randomUUID().toString(), saying));
        boolean done = before.isPresent()
                ? store.replace(Lease.KEY, body, before.get(), now -> version = Optional.of(now))
                : store.create(Lease.KEY, body);
        if (done) {
            claims = saying;
            life = Optional.of(under);
            silence.forget();
        }
        return done;
    }

    private Lease.Answer held() {
        return new Lease.Answer(Lease.State.HELD, self.who());
    }

    private static Lease.Answer outrun() {
        return new Lease.Answer(Lease.State.WAIT, "somebody who just took it");
    }
}
