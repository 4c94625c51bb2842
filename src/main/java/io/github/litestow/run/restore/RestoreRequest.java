package io.github.litestow.run.restore;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * What a restore run is asked to do.
 *
 * @param trigger what asks
 * @param point which restore point
 * @param target where to
 * @param required whether an empty replica is a failure
 * @param fallback whether a damaged newest point may be passed over for the newest that restores
 */
public record RestoreRequest(String trigger, Point point, Target target, boolean required, boolean fallback) {

    /** Which restore point; the newest when neither is given. */
    public record Point(Optional<String> txid, Optional<Instant> at) {
        /** The newest one. */
        public static final Point NEWEST = new Point(Optional.empty(), Optional.empty());

        boolean newest() {
            return txid.isEmpty() && at.isEmpty();
        }
    }

    /**
     * Where to.
     *
     * @param file another file than the database; never over anything
     * @param aside a new file in {@code restores/} beside the database, named after the run
     * @param replace whether the database that is there goes to quarantine
     * @param bringForward whether that happens if it is unchanged and the replica moved on
     */
    public record Target(Optional<Path> file, boolean aside, boolean replace, boolean bringForward) {

        /** The database's own place, or another file. */
        public Target(Optional<Path> file, boolean replace, boolean bringForward) {
            this(file, false, replace, bringForward);
        }

        boolean elsewhere() {
            return file.isPresent() || aside;
        }
    }

    /** Returns the request for a copy of a restore point, which touches nothing that is there. */
    public static RestoreRequest aside(String trigger, Point point) {
        return new RestoreRequest(trigger, point, new Target(Optional.empty(), true, false, false), false, false);
    }

    /** Returns the request for a restore point to the database's own place, if nothing is there. */
    public static RestoreRequest inPlace(String trigger, Point point) {
        return new RestoreRequest(trigger, point, new Target(Optional.empty(), false, false), false, false);
    }

    /** Returns the request that a start makes. */
    public static RestoreRequest atStart(boolean required, boolean fallback) {
        return new RestoreRequest(
                "start-up", Point.NEWEST, new Target(Optional.empty(), false, true), required, fallback);
    }

    /** Returns a request for the newest restore point. */
    public static RestoreRequest newest(String trigger, boolean replace) {
        return new RestoreRequest(trigger, Point.NEWEST, new Target(Optional.empty(), replace, false), false, false);
    }
}
