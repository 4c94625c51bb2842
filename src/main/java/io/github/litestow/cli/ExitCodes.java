package io.github.litestow.cli;

import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Outcome;
import java.util.Collection;

/** What a command's outcome is to the shell. The numbers are part of the outside contract. */
public final class ExitCodes {
    /** Done, or nothing to do. */
    public static final int DONE = 0;
    /** The command line or a setting is wrong. */
    public static final int USAGE = 2;
    /** Nothing to restore, though it was asked for explicitly. */
    public static final int NOTHING_TO_RESTORE = 6;
    /** Another run has the database. */
    public static final int BUSY = 7;

    /** {@code status --check} found a backup that is stale, or a failure that is not mended. */
    public static final int ALARM = 12;

    private ExitCodes() {}

    /** Returns the exit code of one outcome; an unasked-for emptiness is no error. */
    public static int of(Outcome outcome) {
        return switch (outcome.which()) {
            case FAILED -> of(outcome.failure().orElseThrow().kind());
            case NOTHING_TO_RESTORE -> NOTHING_TO_RESTORE;
            case SKIPPED -> BUSY;
            case OFFLOADED, SNAPSHOTTED, UNCHANGED, RESTORED, ALREADY_PRESENT, NOTHING_TO_SNAPSHOT, VERIFIED -> DONE;
        };
    }

    /** Returns the exit code of a failure. */
    public static int of(FailureKind kind) {
        return switch (kind) {
            case INTERNAL -> 1;
            case SETTINGS -> USAGE;
            case TIMEOUT -> 3;
            case ACCESS_DENIED -> 4;
            case REPLICA_MISSING, REPLICA_UNREACHABLE, THROTTLED -> 5;
            case BUSY -> BUSY;
            case PROOF_FAILED, SOURCE_DAMAGED -> 8;
            case REFUSED -> 9;
            case DISK -> 10;
            case ENGINE_MISSING -> 11;
        };
    }

    /** Returns the worst of several: any failure before done, the largest number among failures. */
    public static int worst(Collection<Integer> codes) {
        return codes.stream().max(Integer::compareTo).orElse(DONE);
    }
}
