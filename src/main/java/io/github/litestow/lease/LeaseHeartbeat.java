package io.github.litestow.lease;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.control.Held;
import io.github.litestow.outcome.Failure;
import io.github.litestow.store.Replica;
import java.time.Duration;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * Holds a replica's lease for as long as something in this process needs it: the service all its
 * life, a command's run while it works. It is renewed on a thread that may hang on the network, and
 * watched on another one, which ends the run that works before somebody else may take the lease
 * over ({@link LeaseThreads}). Safe for concurrent use.
 */
public final class LeaseHeartbeat implements ReplicaLease {
    private static final Logger LOG = Logger.getLogger(LeaseHeartbeat.class);

    private static final String LATE = "is not ours any more: its lease was not renewed in time";

    private final LeaseSubject subject;
    private final Function<String, Optional<Lease>> maker;
    private final LeaseThreads threads;
    private final LeaseWatch watch;
    private final LeaseWait wait;

    /** Held while the heart beats, so that nothing is taken again after it was given back. */
    private final Object beat = new Object();

    private volatile Optional<Lease> lease = Optional.empty();
    private final Set<LeaseUser> users = Collections.newSetFromMap(new IdentityHashMap<>());
    private volatile int writers;
    private boolean keeping;
    private boolean closed;
    private boolean beating;
    private boolean wasSure;
    private Failure trouble;

    /**
     * Makes the heartbeat of one database's lease; asks nobody yet.
     *
     * @param host sets this holder apart from others
     * @param threads those of all leases
     */
    public LeaseHeartbeat(ConfiguredDatabase settings, Replica replica, HostLock host, LeaseThreads threads) {
        this(
                new LeaseSubject(settings.name(), replica.url(), settings.replicaHost(), settings.leaseTime()),
                who -> Lease.of(
                        replica,
                        new Lease.Holder(host.holderId(), who),
                        settings.leaseTime(),
                        new BootClock(),
                        threads.services()),
                threads);
    }

    /** Keeps whatever lease {@code maker} makes for a holder of this description. */
    LeaseHeartbeat(LeaseSubject subject, Function<String, Optional<Lease>> maker, LeaseThreads threads) {
        this.subject = subject;
        this.maker = maker;
        this.threads = threads;
        this.watch = new LeaseWatch(threads.watch(), subject.time(), () -> writers > 0, this::look);
        this.wait = new LeaseWait(subject.name(), subject.url());
        this.trouble = wait.expired(LATE);
    }

    @Override
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

    @Override
    public Held take(String who, LeaseUser run) throws Failure {
        Optional<Lease> wanted = lease(who);
        if (wanted.isEmpty()) {
            return () -> {};
        }
        synchronized (this) {
            users.add(run);
        }
        boolean taken = false;
        try {
            wait.until(wanted.get()::take, run);
            taken = true;
        } finally {
            if (!taken) {
                // A write without an answer may have taken it all the same.
                runEnded(run, 0);
            }
        }
        synchronized (this) {
            writers++;
            work();
        }
        return () -> runEnded(run, 1);
    }

    @Override
    public void renew() throws Failure {
        renew(Optional.empty());
    }

    @Override
    public void renewToUpload(WriteClaims.Upload upload) throws Failure {
        renew(Optional.of(upload));
    }

    private void renew(Optional<WriteClaims.Upload> upload) throws Failure {
        if (lease.isPresent() && !lease.get().renew(upload)) {
            says(wait.taken("was taken over by somebody else during this run"));
            throw lost();
        }
    }

    @Override
    public WriteClaims claims() {
        return lease.map(Lease::claims).orElse(WriteClaims.NONE);
    }

    @Override
    public void recorded() {
        lease.ifPresent(Lease::recorded);
    }

    @Override
    public void requireByClock() throws Failure {
        if (lease.isPresent() && !sure()) {
            throw lost();
        }
    }

    @Override
    public void lookByClock() {
        if (lease.isPresent() && !sure()) {
            lost();
        }
    }

    @Override
    public void giveBack() {
        synchronized (this) {
            closed = true;
            keeping = false;
            wasSure = false;
        }
        release();
    }

    private void runEnded(LeaseUser run, int wrote) {
        synchronized (this) {
            users.remove(run);
            writers -= wrote;
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
                    subject.name(), subject.time().toSeconds(), e.getMessage());
        }
    }

    private synchronized Optional<Lease> lease(String who) {
        if (lease.isEmpty()) {
            lease = maker.apply(who);
        }
        return lease;
    }

    @Override
    public boolean sure() {
        return lease.isPresent() && lease.get().left().compareTo(margin()) >= 0;
    }

    @Override
    public Optional<String> relieved() {
        return lease.flatMap(Lease::relieved);
    }

    /** Ending the engine takes a moment, within which nobody else may begin. */
    private Duration margin() {
        return subject.time().dividedBy(4);
    }

    private synchronized boolean needed() {
        return keeping || !users.isEmpty();
    }

    private synchronized void work() {
        if (!beating) {
            beating = true;
            beatAfter(subject.time().dividedBy(3));
        }
        watch.begin();
    }

    private void beatAfter(Duration pause) {
        threads.renewals(subject.host()).after(pause, this::beat);
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
            beatAfter(subject.time().dividedBy(well ? 3 : 12));
        }
    }

    private boolean beatOnce(Lease mine) {
        try {
            // What a run holds is never taken anew beside it: somebody else may have written meanwhile, and gone.
            boolean free = mine.left().isZero() && writers == 0;
            boolean held = free ? mine.take().state() == Lease.State.HELD : mine.renew(Optional.empty());
            says(held ? wait.expired(LATE) : wait.taken("was taken over by somebody else"));
            return held;
        } catch (Failure e) {
            says(wait.expired("cannot be held on to (" + e.getMessage() + ")"));
            return false;
        } catch (RuntimeException | Error e) {
            // Whatever it is, the next beat must come: without one the lease is lost for good.
            LOG.errorf(e, "%s: defect while renewing the lease", subject.name());
            return false;
        }
    }

    private synchronized void says(Failure what) {
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
            Failure failure = lost();
            LOG.errorf("%s: %s. %s", subject.name(), failure.getMessage(), failure.hint());
        } else if (is && !wasSure) {
            LOG.debugf("%s: the lease of %s is ours", subject.name(), subject.url());
        }
        wasSure = is;
    }

    /** As the last beat found it: taken by somebody else, or only late. */
    private synchronized Failure lost() {
        Failure failure = trouble;
        List.copyOf(users).forEach(writer -> writer.leaseLost(failure));
        return failure;
    }
}
