package io.github.litestow.lease;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.control.Held;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.store.Replica;
import java.time.Duration;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Holds a replica's lease for as long as something in this process needs it: the service all its
 * life, a command's run while it works. It is renewed on a thread that may hang on the network, and
 * watched on another one, which ends the run that works before somebody else may take the lease
 * over ({@link LeaseThreads}). Safe for concurrent use.
 */
public final class LeaseHeartbeat {
    private static final Logger LOG = Logger.getLogger(LeaseHeartbeat.class);
    private static final Duration POLL = Duration.ofSeconds(1);

    private final ConfiguredDatabase settings;
    private final Replica replica;
    private final HostLock host;
    private final LeaseThreads threads;

    /** Held while the heart beats, so that nothing is taken again after it was given back. */
    private final Object beat = new Object();

    private volatile Optional<Lease> lease = Optional.empty();
    private Optional<LeaseUser> user = Optional.empty();
    private boolean keeping;
    private boolean closed;
    private boolean beating;
    private Optional<Held> watching = Optional.empty();
    private boolean wasSure;
    private String trouble = "was not renewed in time";

    /**
     * Makes the heartbeat of one database's lease; asks nobody yet.
     *
     * @param host sets this holder apart from others
     * @param threads those of all leases
     */
    public LeaseHeartbeat(ConfiguredDatabase settings, Replica replica, HostLock host, LeaseThreads threads) {
        this.settings = settings;
        this.replica = replica;
        this.host = host;
        this.threads = threads;
    }

    /**
     * Looks once, for the service: it has the lease from now on, or keeps trying to get it.
     *
     * @param who for the messages of others
     * @return who has it; empty when it is ours, or when the scheme has no leases
     * @throws Failure when the replica cannot be read or written
     */
    public Optional<String> keep(String who) throws Failure {
        Optional<Lease> wanted = lease(who);
        synchronized (this) {
            if (wanted.isEmpty() || closed) {
                return Optional.empty();
            }
            keeping = true;
            work();
        }
        synchronized (beat) {
            if (!needed()) {
                return Optional.empty();
            }
            Lease.Answer answer = wanted.get().take();
            return answer.state() == Lease.State.HELD ? Optional.empty() : Optional.of(answer.who());
        }
    }

    /**
     * Takes the lease for a run; waits for one whose holder may be dead.
     *
     * @return what to close when the run ends
     * @throws Failure {@code BUSY} when another service or command has it and is alive
     */
    public Held take(String who, LeaseUser run) throws Failure {
        Optional<Lease> wanted = lease(who);
        if (wanted.isEmpty()) {
            return () -> {};
        }
        synchronized (this) {
            user = Optional.of(run);
        }
        boolean taken = false;
        try {
            awaited(wanted.get(), run);
            taken = true;
        } finally {
            if (!taken) {
                // A write without an answer may have taken it all the same.
                runEnded();
            }
        }
        synchronized (this) {
            work();
        }
        return this::runEnded;
    }

    private void awaited(Lease wanted, LeaseUser run) throws Failure {
        boolean told = false;
        Lease.Answer answer = wanted.take();
        while (answer.state() == Lease.State.WAIT) {
            if (!told) {
                told = true;
                LOG.infof(
                        "%s: %s is held by %s; waiting for a sign of life, or for its time to run out",
                        settings.name(), replica.url(), answer.who());
            }
            run.pause(POLL);
            answer = wanted.take();
        }
        if (answer.state() == Lease.State.ALIVE) {
            throw taken("is being written to by " + answer.who());
        }
    }

    /**
     * Makes sure, by renewing it, that the lease is ours before something writes to the replica.
     *
     * @throws Failure {@code BUSY} when it is not; then the run is revoked
     */
    public void renew() throws Failure {
        if (lease.isPresent() && !lease.get().renew()) {
            throw lost("was taken over by somebody else during this run");
        }
    }

    /** As {@link #renew}, by the clock alone: for moments in which nobody may wait for a network. */
    public void requireByClock() throws Failure {
        if (lease.isPresent() && !sure()) {
            throw lost("could not be held on to");
        }
    }

    /** Gives the lease back when the service stops, for good; if that fails, it expires. */
    public void giveBack() {
        synchronized (this) {
            closed = true;
            keeping = false;
            wasSure = false;
        }
        release();
    }

    private void runEnded() {
        synchronized (this) {
            user = Optional.empty();
            wasSure = wasSure && keeping;
        }
        if (!needed()) {
            release();
        }
    }

    private void release() {
        try {
            synchronized (beat) {
                if (lease.isPresent()) {
                    lease.get().release();
                }
            }
        } catch (Failure e) {
            LOG.warnf(
                    "%s: the lease could not be given back and expires in %d s: %s",
                    settings.name(), settings.leaseTime().toSeconds(), e.getMessage());
        }
    }

    private synchronized Optional<Lease> lease(String who) {
        if (lease.isEmpty()) {
            lease = Lease.of(replica, new Lease.Holder(host.holderId(), who), settings.leaseTime(), new BootClock());
        }
        return lease;
    }

    /** Returns whether the lease is ours, and for long enough to end an engine. */
    public boolean sure() {
        return lease.isPresent() && lease.get().left().compareTo(margin()) >= 0;
    }

    /** Ending the engine takes a moment, within which nobody else may begin. */
    private Duration margin() {
        return settings.leaseTime().dividedBy(4);
    }

    private synchronized boolean needed() {
        return keeping || user.isPresent();
    }

    private synchronized void work() {
        if (!beating) {
            beating = true;
            beatAfter(settings.leaseTime().dividedBy(3));
        }
        if (watching.isEmpty()) {
            Duration pause = settings.leaseTime().dividedBy(20);
            watching = Optional.of(threads.watch().every(pause.compareTo(POLL) < 0 ? pause : POLL, this::look));
        }
        lookAtOnce();
    }

    private void lookAtOnce() {
        threads.watch().execute(this::look);
    }

    private void beatAfter(Duration pause) {
        threads.renewals(settings.replicaHost()).after(pause, this::beat);
    }

    /** Renews at a third of the time, and tries more often when that does not work. */
    private void beat() {
        boolean well = false;
        try {
            synchronized (beat) {
                well = !needed() || beatOnce(lease.orElseThrow());
            }
        } finally {
            lookAtOnce();
            beatAgain(well);
        }
    }

    /** The next beat comes after the end of this one, so a lease never takes a second thread. */
    private synchronized void beatAgain(boolean well) {
        beating = needed();
        if (beating) {
            beatAfter(settings.leaseTime().dividedBy(well ? 3 : 12));
        }
    }

    private boolean beatOnce(Lease mine) {
        try {
            boolean held = mine.left().isZero() ? mine.take().state() == Lease.State.HELD : mine.renew();
            says(held ? "was not renewed in time" : "was taken over by somebody else");
            return held;
        } catch (Failure e) {
            says("cannot be held on to (" + e.getMessage() + ")");
            return false;
        } catch (RuntimeException | Error e) {
            // Whatever it is, the next beat must come: without one the lease is lost for good.
            LOG.errorf(e, "%s: defect while renewing the lease", settings.name());
            return false;
        }
    }

    private synchronized void says(String what) {
        trouble = what;
    }

    /**
     * Asks nobody: a network that hangs must not keep a run from being ended in time. For the same
     * reason nothing that may hang is done anywhere while this object is locked.
     */
    private synchronized void look() {
        if (!needed()) {
            watching.ifPresent(Held::close);
            watching = Optional.empty();
            return;
        }
        boolean is = sure();
        if (wasSure && !is) {
            Failure failure = lost(trouble);
            LOG.errorf("%s: %s. %s", settings.name(), failure.getMessage(), failure.hint());
        } else if (is && !wasSure) {
            LOG.debugf("%s: the lease of %s is ours", settings.name(), replica.url());
        }
        wasSure = is;
    }

    private synchronized Failure lost(String how) {
        Failure failure = taken(how);
        user.ifPresent(writer -> writer.leaseLost(failure));
        return failure;
    }

    private Failure taken(String how) {
        return new Failure(
                FailureKind.BUSY,
                "the replica " + replica.url() + " " + how,
                "Only one service may write to a replica. Stop the other one, or give this database a replica URL of"
                        + " its own; nothing was deleted.");
    }
}
