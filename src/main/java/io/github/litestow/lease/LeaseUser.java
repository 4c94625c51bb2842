package io.github.litestow.lease;

import io.github.litestow.outcome.Failure;
import java.time.Duration;

/** Somebody who writes to a replica for as long as the lease is held. Called from any thread. */
public interface LeaseUser {

    /**
     * Waits while another holder may be dead.
     *
     * @throws Failure when the user has no time left, or is told to stop
     */
    void pause(Duration time) throws Failure;

    /** Another service may write to the replica from now on: whatever the user does there ends. */
    void leaseLost(Failure why);
}
