package io.github.litestow.run.snapshot;

import io.github.litestow.run.mark.SnapshotMark;
import java.time.Duration;
import java.util.Optional;

/**
 * What a snapshot run is asked to do beyond the settings.
 *
 * @param trigger what asks
 * @param keep keep the local database whatever the settings say
 * @param adopt the local database may become the head without descending from it
 * @param confirmOnly leave the proof to a later run, because there is no time for it
 * @param away the local database is to go whatever the settings say, on the usual proof
 * @param timeout a deadline other than the settings'
 * @param mark what the restore point is to be called, and whether it is pinned
 */
public record SnapshotRequest(
        String trigger,
        boolean keep,
        boolean adopt,
        boolean confirmOnly,
        boolean away,
        Optional<Duration> timeout,
        Optional<SnapshotMark> mark) {

    /** A request with the proofs that the settings want. */
    public SnapshotRequest(String trigger, boolean keep, boolean adopt, Optional<Duration> timeout) {
        this(trigger, keep, adopt, false, false, timeout, Optional.empty());
    }

    /** Returns the same with a mark for the restore point, which is then proven in any case. */
    public SnapshotRequest marked(SnapshotMark as) {
        return new SnapshotRequest(trigger, keep, adopt, confirmOnly, away, timeout, Optional.of(as));
    }

    /** Returns a request that only follows the settings. */
    public static SnapshotRequest by(String trigger) {
        return new SnapshotRequest(trigger, false, false, Optional.empty());
    }

    /** Returns the request for the last snapshot before a stop: it deletes nothing and only uploads. */
    public static SnapshotRequest beforeStop(Duration timeout) {
        return new SnapshotRequest("shutdown", true, false, true, false, Optional.of(timeout), Optional.empty());
    }

    /** Returns the request for a database that belongs elsewhere: uploaded, proven, deleted here. */
    public static SnapshotRequest movingAway() {
        return new SnapshotRequest("move", false, false, false, true, Optional.empty(), Optional.empty());
    }
}
