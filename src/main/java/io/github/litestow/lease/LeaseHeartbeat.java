package io.github.litestow.lease;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.control.Held;
import io.github.litestow.outcome.Failure;
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

    private final ConfiguredDatabase settings;
    private final Replica replica;
    private final HostLock host;
    private final LeaseThreads threads;
    private final LeaseWatch watch;
    private final LeaseWait wait;

    /** Held while the heart beats, so that nothing is taken again after it was given back. */
    private final Object beat = new Object();

    private volatile Optional<Lease> lease = Optional.empty();
    private Optional<LeaseUser> user = Optional.empty();
    private volatile boolean writing;
    private boolean keeping;
    private boolean closed;
    private boolean beating;
    private boolean wasSure;
    private String trouble = "is not ours any more: its lease was not renewed in time";

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
        this.watch = new LeaseWatch(threads.watch(), settings.leaseTime(), () -> writing, this::look);
        this.wait = new LeaseWait(settings.name(), replica.url());
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
            wait.until(wanted.get(), run);
            taken = true;
        } finally {
            if (!taken) {
                // A write without an answer may have taken it all the same.
                runEnded();
            }
        }
        synchronized (this) {
            writing = true;
            work();
        }
        return this::runEnded;
    }

    /**
     * Makes sure, by renewing it, that the lease is ours before something writes to the replica.
     *
     * @throws Failure {@code BUSY} when it is not; then the run is revoked
     */
    public void renew() throws Failure {
        renew(Optional.empty());
    }

    /**
     * As {@link #renew}, and says at the replica what is about to be written there, so that whoever takes
     * the lease over from us when we fall silent knows what may still come.
     */
    public void renewToUpload(WriteClaims.Upload upload) throws Failure {
        renew(Optional.of(upload));
    }

    private void renew(Optional<WriteClaims.Upload> upload) throws Failure {
        if (lease.isPresent() && !lease.get().renew(upload)) {
            throw lost("was taken over by somebody else during this run");
        }
    }

    /** Returns what the lease says of who writes what; nothing before it was taken. */
    public WriteClaims claims() {
        return lease.map(Lease::claims).orElse(WriteClaims.NONE);
    }

    /** Says that the replica's own record holds all that was uploaded. */
    public void recorded() {
        lease.ifPresent(Lease::recorded);
    }

    /** As {@link #renew}, by the clock alone: for moments in which nobody may wait for a network. */
    public void requireByClock() throws Failure {
        if (lease.isPresent() && !sure()) {
            throw lost("could not be held on to");
        }
    }

    /** As {@link #requireByClock}, telling the run alone. */
    public void lookByClock() {
        if (lease.isPresent() && !sure()) {
            lost("could not be held on to");
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
            writing = false;
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
        watch.begin();
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
            watch.lookAtOnce();
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
            // What a run holds is never taken anew beside it: somebody else may have written meanwhile, and gone.
            boolean free = mine.left().isZero() && !writing;
            boolean held = free ? mine.take().state() == Lease.State.HELD : mine.renew(Optional.empty());
            says(held ? "is not ours any more: its lease was not renewed in time" : "was taken over by somebody else");
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
            watch.end();
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
        Failure failure = wait.taken(how);
        user.ifPresent(writer -> writer.leaseLost(failure));
        return failure;
    }
}
