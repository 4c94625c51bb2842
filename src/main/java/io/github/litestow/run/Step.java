package io.github.litestow.run;

import java.util.Locale;

/** The named steps of a run; a failure says at which one it happened. */
public enum Step {
    /** One run per database, in this process and on this host. */
    CLAIM,
    /** Finish or undo what an earlier run that was killed left. */
    RECOVER,
    /** What is at the database's path, and whether it may be uploaded. */
    LOOK,
    /** Whether the replica can be used at all. */
    PROBE,
    /** The right to write to the replica, held by one service or command at a time. */
    LEASE,
    /** Whether the local database descends from the replica's head. */
    ADMIT,
    /** The engine uploads; an independent listing confirms. */
    REPLICATE,
    /** The engine restores from the replica, beside the database. */
    RESTORE,
    /** Exclusive use of the database. */
    SEAL,
    /** Page by page. */
    COMPARE,
    /** On proof only. */
    DELETE,
    /** The restored file takes its place. */
    PLACE,
    /** Journal and the replica's own record. */
    RECORD;

    /** Returns the label used in JSON and messages. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
