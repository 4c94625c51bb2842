package io.github.litestow.run;

import java.time.Duration;
import java.util.Optional;

/**
 * What a snapshot run is asked to do beyond the settings.
 *
 * @param trigger what asks
 * @param keep keep the local database whatever the settings say
 * @param adopt the local database may become the head without descending from it
 * @param timeout a deadline other than the settings'
 */
public record SnapshotRequest(String trigger, boolean keep, boolean adopt, Optional<Duration> timeout) {

    /** Returns a request that only follows the settings. */
    public static SnapshotRequest by(String trigger) {
        return new SnapshotRequest(trigger, false, false, Optional.empty());
    }
}
