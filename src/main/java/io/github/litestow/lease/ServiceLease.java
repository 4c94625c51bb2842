package io.github.litestow.lease;

import io.github.litestow.control.Held;
import io.github.litestow.outcome.Failure;
import io.github.litestow.store.Replica;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The lease of this service at the place that the replicas of a group are in, on which those of all its
 * databases there rest: one renewal for all, and no request for one that is idle (decision 0023). A lock on
 * this host keeps a second process of the same folder out, for as long as this one lives. Safe for
 * concurrent use.
 */
public final class ServiceLease {
    private static final int ID_BYTES = 16;

    private final Replica root;
    private final HostLock lock;
    private final Duration time;
    private final LeaseThreads threads;
    private final LeaseHeartbeat heart;
    private Optional<Held> locked = Optional.empty();
    private volatile Optional<Lease> lease = Optional.empty();

    /**
     * Prepares it; asks nobody yet.
     *
     * @param name of the group, for messages
     * @param root the place that holds the service's lease
     * @param host what hangs for all replicas behind it when it hangs for one
     * @param time after which silence it is taken over
     * @param lock sets this service apart from others; in a folder that exists before the first use
     * @param threads those of all leases
     */
    public ServiceLease(String name, Replica root, String host, Duration time, HostLock lock, LeaseThreads threads) {
        this.root = root;
        this.lock = lock;
        this.time = time;
        this.threads = threads;
        this.heart = new LeaseHeartbeat(new LeaseSubject(name, root.url(), host, time), this::made, threads);
    }

    private Optional<Lease> made(String who) {
        lease = Lease.ofService(root, id(), new Lease.Holder(lock.holderId(), who), time, new BootClock());
        return lease;
    }

    /** Nobody else has it who lives, while this process holds the lock. */
    private String id() {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(lock.holderId().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, ID_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /**
     * Makes sure that this process is the only one of its folder.
     *
     * @throws Failure {@code BUSY} when another one has it
     */
    private synchronized void lock(String who) throws Failure {
        if (locked.isEmpty()) {
            // Never given back: a later holder of the lock may rely on our being dead.
            locked = Optional.of(lock.take(who));
        }
    }

    /** Keeps the lease from now on; returns who has it if that is not us. */
    Optional<String> keep(String who) throws Failure {
        lock(who);
        return heart.keep(who);
    }

    /** A run of one of the databases begins; it is told when the lease is lost. */
    Held enter(String who, LeaseUser run) throws Failure {
        lock(who);
        keepForGood(who);
        return heart.take(who, run);
    }

    /** Otherwise the lease would be given back after each run. */
    private void keepForGood(String who) throws Failure {
        if (!heart.sure()) {
            heart.keep(who);
        }
    }

    /** Returns the lease of one of the databases, as the present lease of the service has it. */
    Optional<Ownership> ownership(Replica replica, int up, String who) {
        return lease.map(own -> new Ownership(
                replica,
                own,
                new ServiceReference(id(), "-", up, time.toMillis()),
                new Lease.Holder(lock.holderId(), who),
                threads.services(),
                new BootClock()));
    }

    LeaseHeartbeat heart() {
        return heart;
    }

    /** Returns how long the lease is sure without being renewed. */
    Duration left() {
        return lease.map(Lease::left).orElse(Duration.ZERO);
    }

    /** Returns how long a lease lives without being renewed. */
    Duration time() {
        return time;
    }

    /** Returns whether the lease is ours, and for long enough to end an engine. */
    public boolean sure() {
        return heart.sure();
    }

    /** Gives it back when the service stops, for good, and with it all that rests on it. */
    public void giveBack() {
        heart.giveBack();
    }
}
