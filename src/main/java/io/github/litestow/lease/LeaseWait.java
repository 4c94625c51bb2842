package io.github.litestow.lease;

import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import java.time.Duration;
import org.jboss.logging.Logger;

/** How a run waits for a lease whose holder may be dead, and what it is told when somebody else has it. */
final class LeaseWait {
    private static final Logger LOG = Logger.getLogger(LeaseWait.class);
    private static final Duration POLL = Duration.ofSeconds(1);

    private final String database;
    private final String url;

    LeaseWait(String database, String url) {
        this.database = database;
        this.url = url;
    }

    /** Looks once, and takes it if it is free. */
    interface Look {
        Lease.Answer take() throws Failure;
    }

    /** Returns when the lease is ours; {@code BUSY} when its holder is alive. */
    void until(Look wanted, LeaseUser run) throws Failure {
        boolean told = false;
        Lease.Answer answer = wanted.take();
        while (answer.state() == Lease.State.WAIT) {
            if (!told) {
                told = true;
                LOG.infof(
                        "%s: %s is held by %s; waiting for a sign of life, or for its time to run out",
                        database, url, answer.who());
            }
            run.pause(POLL);
            answer = wanted.take();
        }
        if (answer.state() == Lease.State.ALIVE) {
            throw taken("is being written to by " + answer.who());
        }
    }

    /** Returns the failure of a run whose lease somebody else has. */
    Failure taken(String how) {
        return new Failure(
                FailureKind.BUSY,
                "the replica " + url + " " + how,
                "Only one service may write to a replica. Stop the other one, or give this database a replica URL of"
                        + " its own; nothing was deleted.");
    }

    /** Returns the failure of a run whose lease ran out: somebody else may have it by now, and need not. */
    Failure expired(String how) {
        return new Failure(
                FailureKind.BUSY,
                "the replica " + url + " " + how,
                "Until its lease is renewed another service may take the replica over, so nothing is written to it, and"
                        + " nothing was deleted. It goes on when the replica answers; if it stays so, check the network,"
                        + " the store, and what else this machine is busy with.");
    }
}
