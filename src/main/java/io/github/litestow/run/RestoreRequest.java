package io.github.litestow.run;

import java.time.Duration;
import java.util.Optional;

/**
 * What a restore run is asked to do.
 *
 * @param trigger what asks
 * @param replace put the restored database in the place of the one that is there, which goes to
 *     quarantine
 * @param txid the restore point; empty for the newest
 * @param bringForward whether an unchanged local database is replaced when the replica moved on
 * @param required whether an empty replica is a failure
 * @param timeout a deadline; empty for none but a day
 */
public record RestoreRequest(
        String trigger,
        boolean replace,
        Optional<String> txid,
        boolean bringForward,
        boolean required,
        Optional<Duration> timeout) {

    /** Returns the request that a start makes. */
    public static RestoreRequest atStart(boolean required) {
        return new RestoreRequest("start-up", false, Optional.empty(), true, required, Optional.empty());
    }

    /** Returns a request for the newest restore point. */
    public static RestoreRequest newest(String trigger, boolean replace) {
        return new RestoreRequest(trigger, replace, Optional.empty(), false, false, Optional.empty());
    }
}
