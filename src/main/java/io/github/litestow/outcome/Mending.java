package io.github.litestow.outcome;

import java.util.EnumSet;
import java.util.Set;

/**
 * Says when a failure is over: when a later run, of whatever operation, showed that what was in the way
 * is not any more. Less is not enough: a snapshot without a proof does not end a failed proof.
 */
public final class Mending {

    private Mending() {}

    /** What a run that ended well has shown to work. */
    private enum Shown {
        /** The replica answers, and holds what it should. */
        CONTACT,
        /** Objects can be read from it. */
        READING,
        /** Objects can be written to it. */
        WRITING,
        /** The engine runs, and its files have room. */
        ENGINE,
        /** What is at the database's path is sound and may be the replica's head. */
        LOCAL,
        /** Nothing is at the database's path any more. */
        GONE,
        /** What the replica restores is whole. */
        PROOF,
        /** The database's path holds what the replica restored. */
        IN_PLACE
    }

    /**
     * Returns whether {@code run}, which came after {@code failed}, shows that it is mended.
     *
     * @param run a run that ended
     * @param proven whether a point was proven in the course of it
     * @param failed a run that failed before
     */
    public static boolean mends(RunRecord run, boolean proven, RunRecord failed) {
        return mends(run.operation(), run.result(), proven, failed);
    }

    /** Returns whether a failure would be over after a snapshot that ends like this, without a proof on its way. */
    public static boolean wouldMend(Outcome end, RunRecord failed) {
        return mends(Operation.SNAPSHOT, end, false, failed);
    }

    private static boolean mends(Operation operation, Outcome result, boolean proven, RunRecord failed) {
        FailureKind kind = failed.result().failure().orElseThrow().kind();
        boolean again = operation == failed.operation() && result.success() && result.which() != Outcome.Case.UNCHANGED;
        if (again && kind != FailureKind.PROOF_FAILED) {
            return true;
        }
        Set<Shown> shown = shown(result, proven);
        return switch (kind) {
            case SETTINGS -> shown.contains(Shown.LOCAL) || shown.contains(Shown.PROOF);
            case ENGINE_MISSING, DISK -> shown.contains(Shown.ENGINE);
            case ACCESS_DENIED ->
                shown.contains(failed.operation() == Operation.RESTORE ? Shown.READING : Shown.WRITING);
            case REPLICA_MISSING, REPLICA_UNREACHABLE, THROTTLED -> shown.contains(Shown.CONTACT);
            case TIMEOUT, BUSY ->
                switch (failed.operation()) {
                    case SNAPSHOT -> shown.contains(Shown.WRITING);
                    case RESTORE -> shown.contains(Shown.LOCAL);
                    case VERIFY -> shown.contains(Shown.PROOF);
                };
            case REFUSED, SOURCE_DAMAGED ->
                shown.contains(Shown.LOCAL) || (shown.contains(Shown.GONE) && failed.operation() != Operation.RESTORE);
            case PROOF_FAILED -> shown.contains(Shown.PROOF) || shown.contains(Shown.IN_PLACE);
            case INTERNAL -> false;
        };
    }

    private static Set<Shown> shown(Outcome outcome, boolean proven) {
        Set<Shown> shown = switch (outcome.which()) {
            case OFFLOADED, SNAPSHOTTED ->
                EnumSet.of(Shown.CONTACT, Shown.READING, Shown.WRITING, Shown.ENGINE, Shown.LOCAL);
            case VERIFIED ->
                outcome.agreed()
                        ? EnumSet.of(Shown.CONTACT, Shown.READING, Shown.WRITING, Shown.ENGINE, Shown.LOCAL)
                        : EnumSet.of(Shown.CONTACT, Shown.READING, Shown.ENGINE);
            case RESTORED ->
                outcome.agreed()
                        ? EnumSet.of(Shown.CONTACT, Shown.READING, Shown.ENGINE, Shown.LOCAL, Shown.IN_PLACE)
                        : EnumSet.of(Shown.CONTACT, Shown.READING, Shown.ENGINE);
            case UNCHANGED -> EnumSet.of(Shown.CONTACT);
            case NOTHING_TO_RESTORE -> EnumSet.of(Shown.CONTACT, Shown.READING);
            case NOTHING_TO_SNAPSHOT ->
                outcome instanceof Outcome.NothingToSnapshot seen
                                && seen.replicaEndsAt().isPresent()
                        ? EnumSet.of(Shown.CONTACT, Shown.READING, Shown.GONE)
                        : EnumSet.of(Shown.GONE);
            case ALREADY_PRESENT, SKIPPED, FAILED -> EnumSet.noneOf(Shown.class);
        };
        if (proven || outcome.which() == Outcome.Case.VERIFIED) {
            shown.add(Shown.PROOF);
        }
        return shown;
    }
}
