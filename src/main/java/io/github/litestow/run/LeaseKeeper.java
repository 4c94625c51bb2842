package io.github.litestow.run;

import io.github.litestow.journal.Journal;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.replica.Lease;
import io.github.litestow.replica.Replica;
import io.github.litestow.settings.DatabaseSettings;
import java.time.Duration;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Holds a replica's lease for as long as something in this process needs it: the service all its
 * life, a command's run while it works. A thread renews it; when it is lost, the run that works is
 * ended, because another service may write now. Safe for concurrent use.
 */
public final class LeaseKeeper {
    private static final Logger LOG = Logger.getLogger(LeaseKeeper.class);
    private static final Duration POLL = Duration.ofSeconds(1);

    private final DatabaseSettings settings;
    private final Replica replica;
    private final Claim claim;
    private final Journal journal;

    private Optional<Lease> lease = Optional.empty();
    private Optional<RunScope> run = Optional.empty();
    private Optional<Failure> trouble = Optional.empty();
    private boolean keeping;
    private boolean stopped;

    /** Held while the service takes or renews it, so that nothing is taken again after it was given back. */
    private final Object beat = new Object();

    private Optional<Thread> heart = Optional.empty();
    private Optional<Thread> guard = Optional.empty();

    LeaseKeeper(DatabaseSettings settings, Replica replica, Claim claim, Journal journal) {
        this.settings = settings;
        this.replica = replica;
        this.claim = claim;
        this.journal = journal;
    }

    /**
     * Looks once, for the service: it has the lease from now on, or keeps trying to get it.
     *
     * @param who for the messages of others
     * @return who has it; empty when it is ours, when the scheme has no leases, or after {@link #giveBack}
     * @throws Failure when the replica cannot be read or written
     */
    Optional<String> keep(String who) throws Failure {
        Optional<Lease> wanted = lease(who);
        if (wanted.isEmpty()) {
            return Optional.empty();
        }
        synchronized (beat) {
            if (!keepFromNowOn()) {
                return Optional.empty();
            }
            Lease.Answer answer = wanted.get().take();
            journal.leaseHeld(answer.state() == Lease.State.HELD);
            return answer.state() == Lease.State.HELD ? Optional.empty() : Optional.of(answer.who());
        }
    }

    /** Returns whether the service goes on: one that is stopping takes nothing any more. */
    private synchronized boolean keepFromNowOn() {
        if (!stopped) {
            keeping = true;
            beating();
        }
        return !stopped;
    }

    /**
     * Takes the lease for a run; waits for one whose holder may be dead.
     *
     * @return what to close when the run ends
     * @throws Failure {@code BUSY} when another service or command has it and is alive
     */
    Claim.Held take(String who, RunScope scope) throws Failure {
        Optional<Lease> wanted = lease(who);
        if (wanted.isEmpty()) {
            return () -> {};
        }
        boolean told = false;
        Lease.Answer answer = wanted.get().take();
        while (answer.state() == Lease.State.WAIT) {
            if (!told) {
                told = true;
                LOG.infof(
                        "%s: %s is held by %s; waiting for a sign of life, or for its time to run out",
                        settings.name(), replica.url(), answer.who());
            }
            scope.pause(POLL);
            answer = wanted.get().take();
        }
        if (answer.state() == Lease.State.ALIVE) {
            throw taken("is being written to by " + answer.who());
        }
        journal.leaseHeld(true);
        synchronized (this) {
            run = Optional.of(scope);
            beating();
        }
        return this::runEnded;
    }

    /** Makes sure, by renewing it, that the lease is ours before something writes to the replica. */
    void confirm() throws Failure {
        if (current().isPresent() && !current().get().renew()) {
            journal.leaseHeld(false);
            throw taken("was taken over by somebody else during this run");
        }
    }

    /** As {@link #confirm}, without asking the replica while the time that is left says it all. */
    void ensure() throws Failure {
        if (current().isPresent() && current().get().left().compareTo(margin()) < 0) {
            confirm();
        }
    }

    /** Gives the lease back when the service stops; if that fails, it expires. */
    void giveBack() {
        synchronized (this) {
            keeping = false;
            stopped = true;
            notifyAll();
        }
        release();
    }

    private void runEnded() {
        boolean last;
        synchronized (this) {
            run = Optional.empty();
            last = !keeping;
            notifyAll();
        }
        if (last) {
            release();
        }
    }

    private void release() {
        journal.leaseHeld(false);
        try {
            synchronized (beat) {
                if (current().isPresent()) {
                    current().get().release();
                }
            }
        } catch (Failure e) {
            LOG.warnf(
                    "%s: the lease could not be given back and expires in %d s: %s",
                    settings.name(), settings.leaseTime().toSeconds(), e.getMessage());
        }
    }

    private synchronized Optional<Lease> current() {
        return lease;
    }

    private synchronized Optional<Lease> lease(String who) {
        if (lease.isEmpty()) {
            lease = replica.lease(new Lease.Holder(claim.identity(), who), settings.leaseTime(), System::nanoTime);
        }
        return lease;
    }

    private synchronized void beating() {
        if (heart.isEmpty()) {
            heart = Optional.of(daemon("lease ", this::beat));
        }
        if (guard.isEmpty()) {
            guard = Optional.of(daemon("lease guard ", this::guard));
        }
    }

    private Thread daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name + settings.name());
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** Ends the run in time, also while the heart waits for an answer: a call may take longer than the lease. */
    private synchronized void guard() {
        try {
            while (needed()) {
                long left = current().orElseThrow().left().minus(margin()).toMillis();
                if (left <= 0) {
                    lost(trouble.map(why -> "cannot be held on to (" + why.getMessage() + ")")
                            .orElse("gave no answer while its lease ran out"));
                }
                wait(left > 0 ? left : settings.leaseTime().dividedBy(12).toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        guard = Optional.empty();
    }

    /** Renews at a third of the time, and tries more often when that does not work. */
    private void beat() {
        boolean well = true;
        while (stillNeededAfter(settings.leaseTime().dividedBy(well ? 3 : 12))) {
            synchronized (beat) {
                well = beatOnce(current().orElseThrow());
            }
        }
    }

    private boolean beatOnce(Lease mine) {
        try {
            if (!needed()) {
                return true;
            }
            boolean held = mine.left().isZero() ? mine.take().state() == Lease.State.HELD : mine.renew();
            seen(Optional.empty());
            if (held) {
                regained();
            } else {
                lost("was taken over by somebody else");
            }
            return held;
        } catch (Failure e) {
            seen(Optional.of(e));
            return false;
        }
    }

    private synchronized void seen(Optional<Failure> failure) {
        trouble = failure;
    }

    private synchronized boolean stillNeededAfter(Duration pause) {
        long end = System.nanoTime() + pause.toNanos();
        try {
            for (long left = pause.toMillis(); needed() && left > 0; left = (end - System.nanoTime()) / 1_000_000) {
                wait(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            heart = Optional.empty();
            return false;
        }
        if (!needed()) {
            heart = Optional.empty();
        }
        return needed();
    }

    private synchronized boolean needed() {
        return keeping || run.isPresent();
    }

    private synchronized void regained() {
        if (needed() && !journal.leaseHeld()) {
            LOG.infof("%s: the lease of %s is ours", settings.name(), replica.url());
            journal.leaseHeld(true);
        }
    }

    private synchronized void lost(String how) {
        if (journal.leaseHeld()) {
            journal.leaseHeld(false);
            Failure failure = taken(how);
            LOG.errorf("%s: %s. %s", settings.name(), failure.getMessage(), failure.hint());
            run.ifPresent(scope -> scope.revoke(failure));
        }
    }

    /** Less than this is not relied on: ending the engine takes a moment. */
    private Duration margin() {
        return settings.leaseTime().dividedBy(4);
    }

    private Failure taken(String how) {
        return new Failure(
                FailureKind.BUSY,
                "the replica " + replica.url() + " " + how,
                "Only one service may write to a replica. Stop the other one, or give this database a replica URL of"
                        + " its own; nothing was deleted.");
    }
}
