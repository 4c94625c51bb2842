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
 * The right to write to a replica, for one holder at a time: {@code litestow/lease.json}, changed by
 * conditional writes only (design section 6).
 *
 * <p>Nobody's wall clock matters. A holder counts its time from just before the write that gave or
 * renewed it, and stops relying on it after the lease's time to live; another one may take it when
 * it has itself seen the object unchanged for that time. What it saw was written before it looked,
 * so the old holder stopped first.
 *
 * <p>Where a store's conditional writes cannot be relied on ({@link ConditionalWriteCheck}), this is a
 * strong hint and no guarantee. Safe for concurrent use.
 */
public final class Lease {
    static final String KEY = "litestow/lease.json";

    private final Replica replica;
    private final ReplicaStore store;
    private final JsonObjects objects;
    private final String key;
    private final Holder self;
    private final Duration timeToLive;
    private final LongSupplier nanoTime;
    private final ServiceWatches services;
    private final Silence silence;

    /** Texts under which the object may be ours: the last one written, and those without an answer. */
    private final Set<String> marks = new HashSet<>();

    private boolean heldBefore;
    /** Of the last write, if the answer to it named that. */
    private Optional<String> version = Optional.empty();

    private volatile Optional<Long> since = Optional.empty();
    private volatile WriteClaims claims = WriteClaims.NONE;
    private volatile Optional<String> epoch = Optional.empty();
    private Optional<String> relieved = Optional.empty();

    /**
     * Returns the lease of a replica; empty where no objects of ours can be kept.
     *
     * @param self who would hold it
     * @param timeToLive after which silence it is taken over
     * @param nanoTime the monotonic clock
     */
    public static Optional<Lease> of(Replica replica, Holder self, Duration timeToLive, LongSupplier nanoTime) {
        return of(replica, self, timeToLive, nanoTime, new ServiceWatches(nanoTime));
    }

    /** As above, with what is known of the leases of services, on which that of a database may rest. */
    static Optional<Lease> of(
            Replica replica, Holder self, Duration timeToLive, LongSupplier nanoTime, ServiceWatches services) {
        return replica.keepsObjects()
                ? Optional.of(new Lease(replica, KEY, self, timeToLive, nanoTime, services))
                : Optional.empty();
    }

    /** Returns the lease of a service, on which those of its databases rest; empty as above. */
    static Optional<Lease> ofService(Replica root, String id, Holder self, Duration timeToLive, LongSupplier nanoTime) {
        return root.keepsObjects()
                ? Optional.of(new Lease(
                        root, ServiceReference.key(id), self, timeToLive, nanoTime, new ServiceWatches(nanoTime)))
                : Optional.empty();
    }

    private Lease(
            Replica replica,
            String key,
            Holder self,
            Duration timeToLive,
            LongSupplier nanoTime,
            ServiceWatches services) {
        this.replica = replica;
        this.store = replica.store();
        this.objects = replica.objects();
        this.key = key;
        this.self = self;
        this.timeToLive = timeToLive;
        this.nanoTime = nanoTime;
        this.services = services;
        this.silence = new Silence(nanoTime);
    }

    /**
     * Who holds a lease.
     *
     * @param id of two holders with the same id the first is dead: the second takes over at once
     * @param who for the messages of others
     */
    public record Holder(String id, String who) {}

    /** The state of a lease after one look. */
    public enum State {
        /** It is ours. */
        HELD,
        /** Another holder has it, who may be dead: look again. */
        WAIT,
        /** Another holder has it, and was seen to renew it. */
        ALIVE
    }

    /**
     * What one look found.
     *
     * @param state the state of the lease
     * @param who has it
     */
    public record Answer(State state, String who) {}

    /**
     * Looks once, and takes the lease if it is free, expired or the holder's own from an earlier life.
     *
     * @throws Failure when the replica cannot be read or written
     */
    public synchronized Answer take() throws Failure {
        if (!left().isZero()) {
            return held();
        }
        Optional<StoredObject> object = store.read(key);
        if (object.isEmpty()) {
            return written(WriteClaims.NONE, newLife(), body -> store.create(key, body)) ? held() : outrun();
        }
        LeaseDocument there = parse(object.get());
        boolean marked = marks.contains(there.mark());
        // Once held by this object, another mark under the same id is a living twin's (a copied machine).
        boolean mine = marked || (!heldBefore && there.holder().equals(self.id()) && there.service() == null);
        ServiceWatch.Verdict service = services.verdict(replica, there);
        boolean over = there.free() || there.holderIsDead() || service.over() || expired(object.get(), there);
        if (!mine && !over) {
            return there.service() == null
                    ? seen(object.get(), there)
                    : new Answer(service == ServiceWatch.Verdict.ALIVE ? State.ALIVE : State.WAIT, there.who());
        }
        boolean silent = !mine && !there.free() && service != ServiceWatch.Verdict.GIVEN_BACK;
        WriteClaims saying = marked ? there.claims() : there.inherited(replica, silent);
        Optional<String> life = mine && !there.free() ? Optional.ofNullable(there.epoch()) : newLife();
        boolean taken = replaced(saying, life, object.get().version());
        relieved = taken && silent ? Optional.of(there.who()) : relieved;
        return taken ? held() : outrun();
    }

    private Optional<String> newLife() {
        return !key.equals(KEY) ? Optional.of(UUID.randomUUID().toString()) : Optional.empty();
    }

    /**
     * Renews the lease: what the last write left there is replaced. When that is there no more or is not known, or
     * the time is over, it is looked what is: a store that keeps no condition would have it written over.
     *
     * @param upload what the holder is about to upload; empty leaves what it said before
     * @return whether it is still ours; if not, another one has it now
     * @throws Failure when that could not be found out; the lease stays ours for what is {@link #left}
     */
    public synchronized boolean renew(Optional<WriteClaims.Upload> upload) throws Failure {
        WriteClaims now = upload.isPresent() ? claims.uploading(upload) : claims;
        Optional<String> known = version.filter(any -> !left().isZero());
        if (known.isPresent() && replaced(now, epoch, known.get())) {
            return true;
        }
        Optional<StoredObject> object = store.read(key);
        boolean mine = object.isPresent() && marks.contains(parse(object.get()).mark());
        if (mine) {
            Optional<String> life = Optional.ofNullable(parse(object.get()).epoch());
            mine = replaced(now, life, object.get().version());
        }
        if (!mine) {
            forget();
        }
        return mine;
    }

    /**
     * Gives the lease back, so that others need not wait for it to expire.
     *
     * @throws Failure when the replica cannot be written; it expires then
     */
    public synchronized void release() throws Failure {
        Set<String> mine = Set.copyOf(marks);
        forget();
        Optional<StoredObject> object = mine.isEmpty() ? Optional.empty() : store.read(key);
        if (object.isPresent() && mine.contains(parse(object.get()).mark())) {
            // A takeover whose answer was lost is known from there only.
            WriteClaims left = parse(object.get()).claims().uploading(claims.uploading());
            Optional<String> life = Optional.ofNullable(parse(object.get()).epoch());
            store.replace(
                    key,
                    body("", UUID.randomUUID().toString(), left, life),
                    object.get().version());
        }
    }

    /** Returns which life of a service's lease this is, for as long as it is held; empty in a database's. */
    Optional<String> epoch() {
        return epoch;
    }

    /** Returns who fell silent and was relieved of the lease since this was asked last. */
    synchronized Optional<String> relieved() {
        Optional<String> who = relieved;
        relieved = Optional.empty();
        return who;
    }

    /** Returns what the holder says of its own writing, and of whom it took the lease over from. */
    public WriteClaims claims() {
        return claims;
    }

    /** The replica's own record holds what was uploaded: the next write of the lease says so. */
    public synchronized void recorded() {
        claims = claims.uploading(Optional.empty());
    }

    /** Returns how long the lease is surely ours without being renewed; zero when it is not. */
    public Duration left() {
        Optional<Long> from = since;
        if (from.isEmpty()) {
            return Duration.ZERO;
        }
        Duration left = timeToLive.minusNanos(nanoTime.getAsLong() - from.get());
        return left.isNegative() ? Duration.ZERO : left;
    }

    private void forget() {
        since = Optional.empty();
        version = Optional.empty();
        marks.clear();
    }

    private Answer held() {
        return new Answer(State.HELD, self.who());
    }

    /** Whoever was quicker is named to those who wait. */
    private Answer outrun() throws Failure {
        Optional<StoredObject> object = store.read(key);
        return object.isEmpty()
                ? new Answer(State.WAIT, "somebody who just took it")
                : seen(object.get(), parse(object.get()));
    }

    private boolean replaced(WriteClaims saying, Optional<String> life, String before) throws Failure {
        return written(saying, life, body -> store.replace(key, body, before, now -> version = Optional.of(now)));
    }

    private boolean written(WriteClaims saying, Optional<String> life, Write write) throws Failure {
        String mark = UUID.randomUUID().toString();
        long before = nanoTime.getAsLong();
        marks.add(mark);
        version = Optional.empty();
        if (!write.of(body(self.id(), mark, saying, life))) {
            marks.remove(mark);
            return false;
        }
        marks.clear();
        marks.add(mark);
        claims = saying;
        epoch = life;
        since = Optional.of(before);
        heldBefore = true;
        silence.forget();
        return true;
    }

    private boolean expired(StoredObject object, LeaseDocument there) {
        return there.service() == null && silence.lasted(object.version(), there.ttlMillis());
    }

    private Answer seen(StoredObject object, LeaseDocument there) {
        boolean alive = silence.sawLife(object.version(), there.holder(), there.ttlMillis());
        return new Answer(alive ? State.ALIVE : State.WAIT, there.who());
    }

    private LeaseDocument parse(StoredObject object) throws Failure {
        return LeaseDocument.parse(objects, key, object);
    }

    private byte[] body(String holder, String mark, WriteClaims saying, Optional<String> life) {
        return objects.bytes(new LeaseDocument(self, holder, timeToLive.toMillis(), mark, saying, life));
    }

    private interface Write {
        boolean of(byte[] body) throws Failure;
    }
}
