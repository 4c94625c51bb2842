package io.github.litestow.lease;

import io.github.litestow.control.Held;
import io.github.litestow.outcome.Failure;
import java.util.Optional;

/**
 * The right to write to one database's replica, as runs use it: with a lease of its own ({@link
 * LeaseHeartbeat}), or resting on that of the service ({@link RestingLease}). Safe for concurrent use.
 */
public interface ReplicaLease {

    /**
     * Looks once, for the service: it has the lease from now on, or keeps trying to get it.
     *
     * @param who for the messages of others
     * @return who has it; empty when it is ours, or free to be taken by the first run, or when the scheme
     *     has no leases
     * @throws Failure when the replica cannot be read or written
     */
    Optional<String> keep(String who) throws Failure;

    /**
     * Takes the lease for a run; waits for one whose holder may be dead.
     *
     * @return what to close when the run ends
     * @throws Failure {@code BUSY} when another service or command has it and is alive
     */
    Held take(String who, LeaseUser run) throws Failure;

    /**
     * Makes sure that the lease is ours, and for long enough, before something writes to the replica.
     *
     * @throws Failure {@code BUSY} when it is not; then the run is revoked
     */
    void renew() throws Failure;

    /**
     * As {@link #renew}, and says at the replica what is about to be written there, so that whoever takes
     * the lease over from us when we fall silent knows what may still come.
     */
    void renewToUpload(WriteClaims.Upload upload) throws Failure;

    /** Returns what the lease says of who writes what; nothing before it was taken. */
    WriteClaims claims();

    /** Says that the replica's own record holds all that was uploaded. */
    void recorded();

    /** As {@link #renew}, by the clock alone: for moments in which nobody may wait for a network. */
    void requireByClock() throws Failure;

    /** As {@link #requireByClock}, telling the run alone. */
    void lookByClock();

    /** Returns whether the lease is ours, and for long enough to end an engine. */
    boolean sure();

    /**
     * Returns who fell silent and was relieved of this lease since this was asked last: what that one had
     * not confirmed is not at the replica.
     */
    Optional<String> relieved();

    /** Gives the lease back when the service stops, for good; if that fails, it expires. */
    void giveBack();

    /**
     * Gives this database to whoever wants it, while the service goes on.
     *
     * @throws Failure when the replica cannot be written; others then wait until the service ends
     */
    default void leave() throws Failure {
        giveBack();
    }
}
