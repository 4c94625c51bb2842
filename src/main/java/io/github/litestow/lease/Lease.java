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
    private static final Duration LONGEST = Duration.ofHours(1);

    private final Replica replica;
    private final ReplicaStore store;
    private final JsonObjects objects;
    private final Holder self;
    private final Duration timeToLive;
    private final LongSupplier nanoTime;

    /** Texts under which the object may be ours: the last one written, and those without an answer. */
    private final Set<String> marks = new HashSet<>();

    private Optional<Sighting> sighting = Optional.empty();
    private boolean heldBefore;
    private volatile Optional<Long> since = Optional.empty();
    private volatile WriteClaims claims = WriteClaims.NONE;

    /**
     * Returns the lease of a replica; empty where no objects of ours can be kept.
     *
     * @param self who would hold it
     * @param timeToLive after which silence it is taken over
     * @param nanoTime the monotonic clock
     */
    public static Optional<Lease> of(Replica replica, Holder self, Duration timeToLive, LongSupplier nanoTime) {
        return replica.keepsObjects() ? Optional.of(new Lease(replica, self, timeToLive, nanoTime)) : Optional.empty();
    }

    private Lease(Replica replica, Holder self, Duration timeToLive, LongSupplier nanoTime) {
        this.replica = replica;
        this.store = replica.store();
        this.objects = replica.objects();
        this.self = self;
        this.timeToLive = timeToLive;
        this.nanoTime = nanoTime;
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
        Optional<StoredObject> object = store.read(KEY);
        if (object.isEmpty()) {
            return written(WriteClaims.NONE, body -> store.create(KEY, body)) ? held() : outrun();
        }
        LeaseDocument there = parse(object.get());
        // Once held by this object, another mark under the same id is a living twin's (a copied machine).
        boolean mine =
                marks.contains(there.mark()) || (!heldBefore && there.holder().equals(self.id()));
        if (mine || there.holder().isEmpty() || there.holderIsDead() || expired(object.get(), there)) {
            String version = object.get().version();
            WriteClaims inherited = inherited(there, mine);
            return written(inherited, body -> store.replace(KEY, body, version)) ? held() : outrun();
        }
        return seen(object.get(), there);
    }

    private WriteClaims inherited(LeaseDocument there, boolean mine) throws Failure {
        if (marks.contains(there.mark())) {
            return there.claims();
        }
        boolean silent = !mine && !there.holder().isEmpty();
        if (silent && there.mayWrite()) {
            return there.claims().silenced(there.holder(), there.who(), replica.head());
        }
        // What an earlier life of ours, or whoever gave it back, still had to write down is there by now.
        boolean unsettled = there.tookOver() != null && there.uploading() != null;
        return unsettled
                ? there.claims().ended(replica.head().orElse(""))
                : there.claims().uploading(Optional.empty());
    }

    /**
     * Renews the lease.
     *
     * @param upload what the holder is about to upload; empty leaves what it said before
     * @return whether it is still ours; if not, another one has it now
     * @throws Failure when that could not be found out; the lease stays ours for what is {@link #left}
     */
    public synchronized boolean renew(Optional<WriteClaims.Upload> upload) throws Failure {
        Optional<StoredObject> object = store.read(KEY);
        boolean mine = object.isPresent() && marks.contains(parse(object.get()).mark());
        if (mine) {
            String version = object.get().version();
            WriteClaims now = upload.isPresent() ? claims.uploading(upload) : claims;
            mine = written(now, body -> store.replace(KEY, body, version));
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
        Optional<StoredObject> object = mine.isEmpty() ? Optional.empty() : store.read(KEY);
        if (object.isPresent() && mine.contains(parse(object.get()).mark())) {
            // A takeover whose answer was lost is known from there only.
            WriteClaims left = parse(object.get()).claims().uploading(claims.uploading());
            store.replace(
                    KEY,
                    body("", UUID.randomUUID().toString(), left),
                    object.get().version());
        }
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
        marks.clear();
    }

    private Answer held() {
        return new Answer(State.HELD, self.who());
    }

    /** Whoever was quicker is named to those who wait. */
    private Answer outrun() throws Failure {
        Optional<StoredObject> object = store.read(KEY);
        return object.isEmpty()
                ? new Answer(State.WAIT, "somebody who just took it")
                : seen(object.get(), parse(object.get()));
    }

    private boolean written(WriteClaims saying, Write write) throws Failure {
        String mark = UUID.randomUUID().toString();
        long before = nanoTime.getAsLong();
        marks.add(mark);
        if (!write.of(body(self.id(), mark, saying))) {
            marks.remove(mark);
            return false;
        }
        marks.clear();
        marks.add(mark);
        claims = saying;
        since = Optional.of(before);
        heldBefore = true;
        sighting = Optional.empty();
        return true;
    }

    private boolean expired(StoredObject object, LeaseDocument there) {
        return sighting.filter(last -> last.version().equals(object.version()))
                .filter(last -> nanoTime.getAsLong() - last.nanos() >= millis(there.ttlMillis()))
                .isPresent();
    }

    /** As nanoseconds; nobody's lease makes others wait longer than the longest there is. */
    private static long millis(long time) {
        return Math.min(Duration.ofMillis(time).toNanos(), LONGEST.toNanos());
    }

    private Answer seen(StoredObject object, LeaseDocument there) {
        Optional<Sighting> last = sighting;
        if (last.isEmpty() || !last.get().version().equals(object.version())) {
            boolean renewed = last.isPresent() && last.get().holder().equals(there.holder());
            sighting = Optional.of(new Sighting(object.version(), there.holder(), renewed, nanoTime.getAsLong()));
        }
        Sighting now = sighting.orElseThrow();
        // Whoever lives renews at a third of the time; silence for half of it is no sign of life.
        boolean lately = nanoTime.getAsLong() - now.nanos() < millis(there.ttlMillis()) / 2;
        return new Answer(now.renewed() && lately ? State.ALIVE : State.WAIT, there.who());
    }

    private LeaseDocument parse(StoredObject object) throws Failure {
        return LeaseDocument.parse(objects, object);
    }

    private byte[] body(String holder, String mark, WriteClaims saying) {
        return objects.bytes(new LeaseDocument(self, holder, timeToLive.toMillis(), mark, saying));
    }

    /** When somebody else's version was first seen, and whether the same holder had another one before. */
    private record Sighting(String version, String holder, boolean renewed, long nanos) {}

    private interface Write {
        boolean of(byte[] body) throws Failure;
    }
}
