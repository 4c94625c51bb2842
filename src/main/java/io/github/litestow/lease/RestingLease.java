package io.github.litestow.lease;

import io.github.litestow.control.Held;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.store.Replica;
import java.time.Duration;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * The lease of a database of a group, which rests on the lease of the service ({@link ServiceLease}). It is
 * taken by the first run that needs it, and costs nothing while the database is idle. Safe for concurrent
 * use.
 */
public final class RestingLease implements ReplicaLease {
    private static final Logger LOG = Logger.getLogger(RestingLease.class);

    private final String name;
    private final Replica replica;
    private final int up;
    private final ServiceLease service;
    private final LeaseWait wait;
    private volatile Optional<Ownership> ownership = Optional.empty();
    private volatile Optional<LeaseUser> user = Optional.empty();
    private volatile boolean recorded;

    /**
     * Makes the lease of one database; asks nobody yet.
     *
     * @param name of the database, for messages
     * @param up how many parts of the replica's URL come after the place of the service's lease
     */
    public RestingLease(String name, Replica replica, int up, ServiceLease service) {
        this.name = name;
        this.replica = replica;
        this.up = up;
        this.service = service;
        this.wait = new LeaseWait(name, replica.url());
    }

    @Override
    public Optional<String> keep(String who) throws Failure {
        if (!replica.keepsObjects()) {
            return Optional.empty();
        }
        Optional<String> other = service.keep(who);
        return other.isPresent() ? other : owned(who).holder();
    }

    @Override
    public Held take(String who, LeaseUser run) throws Failure {
        if (!replica.keepsObjects()) {
            return () -> {};
        }
        Held entered = service.enter(who, run);
        user = Optional.of(run);
        boolean taken = false;
        try {
            wait.until(owned(who)::take, run);
            renew();
            taken = true;
        } finally {
            if (!taken) {
                user = Optional.empty();
                entered.close();
            }
        }
        recorded = false;
        return () -> {
            settle();
            user = Optional.empty();
            entered.close();
        };
    }

    private synchronized Ownership owned(String who) {
        if (ownership.isEmpty()) {
            ownership = service.ownership(replica, up, who);
        }
        return ownership.orElseThrow();
    }

    /** Whoever follows need not pass over what was recorded long ago. */
    private void settle() {
        if (!recorded || claims().uploading().isEmpty()) {
            return;
        }
        try {
            ownership.orElseThrow().say(Optional.empty());
        } catch (Failure e) {
            // It says too much then, which costs whoever takes it over one whole upload.
            LOG.debugf(e, "%s: what was uploaded could not be taken out of the lease", name);
        }
    }

    /** The service's lease was renewed a moment ago, as a rule; then nobody is asked. */
    @Override
    public void renew() throws Failure {
        if (ownership.isPresent() && left().compareTo(service.time().dividedBy(2)) < 0) {
            service.heart().renew();
            requireByClock();
        }
    }

    @Override
    public void renewToUpload(WriteClaims.Upload upload) throws Failure {
        renew();
        if (ownership.isPresent()) {
            recorded = false;
            if (!ownership.get().say(Optional.of(upload))) {
                throw lost(wait.taken("was taken over by somebody else during this run"));
            }
        }
    }

    @Override
    public WriteClaims claims() {
        return ownership.map(Ownership::claims).orElse(WriteClaims.NONE);
    }

    @Override
    public void recorded() {
        recorded = true;
    }

    @Override
    public void requireByClock() throws Failure {
        if (ownership.isEmpty()) {
            return;
        }
        service.heart().requireByClock();
        if (!sure()) {
            throw lost(new Failure(
                    FailureKind.BUSY,
                    "the lease of this service at " + replica.url() + " was lost during this run",
                    "Nothing was deleted; the next run takes it anew, or says who has the database now."));
        }
    }

    /** What the run does at the replica ends, whatever it makes of the failure. */
    private Failure lost(Failure why) {
        user.ifPresent(run -> run.leaseLost(why));
        return why;
    }

    @Override
    public void lookByClock() {
        if (ownership.isPresent()) {
            service.heart().lookByClock();
        }
    }

    @Override
    public boolean sure() {
        return left().compareTo(service.time().dividedBy(4)) >= 0;
    }

    private Duration left() {
        return ownership.map(Ownership::left).orElse(Duration.ZERO);
    }

    @Override
    public Optional<String> relieved() {
        return ownership.flatMap(Ownership::relieved);
    }

    /** It ends with the lease of the service, which is given back once for all. */
    @Override
    public void giveBack() {
        // Nothing of its own to give back.
    }

    @Override
    public void leave() throws Failure {
        if (ownership.isPresent()) {
            ownership.get().release();
        }
    }
}
