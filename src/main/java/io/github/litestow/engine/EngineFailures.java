package io.github.litestow.engine;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.control.Deadline;
import io.github.litestow.engine.EngineRun.Ending;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.TimeText;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * Says what a failed engine process means. Pure: exit code and words in, failure out. The words are
 * those of litestream 0.5.17, each provoked with the real binary.
 */
public final class EngineFailures {
    private static final String KILLED = " was killed by signal ";

    private EngineFailures() {}

    /** What the engine was asked to do. */
    enum Operation {
        /** {@code replicate -once}. */
        REPLICATE("replicate"),
        /** {@code restore}. */
        RESTORE("restore"),
        /** {@code ltx}. */
        LISTING("ltx");

        private final String command;

        Operation(String command) {
            this.command = command;
        }
    }

    /**
     * What was going on.
     *
     * @param operation what the engine was asked to do
     * @param database for which database
     * @param txid the transaction that was asked for; empty for the newest
     * @param databaseMissing whether there is no database file
     * @param secrets values that must not be quoted
     */
    record Context(
            Operation operation,
            ConfiguredDatabase database,
            Optional<String> txid,
            boolean databaseMissing,
            Set<String> secrets) {}

    /**
     * Returns whether an upload failed on a file of the engine: one of its local state, or the one with
     * which the replica ends, from which litestream 0.5.17 takes its position. The path in its words does
     * not say which: it is fetched into the local state first.
     */
    public static boolean saysDamagedFile(Failure failure) {
        return failure.kind() == FailureKind.PROOF_FAILED && !notBelieved(failure);
    }

    /**
     * Returns whether the engine said that it did well, and did not. That is the engine's doing, whatever
     * the files are like.
     */
    public static boolean notBelieved(Failure failure) {
        return failure.getCause() instanceof NotBelieved;
    }

    /** Returns what is made of an engine that says that it did well, and did not. */
    static Failure notBelieved(String message, String hint) {
        return new Failure(FailureKind.PROOF_FAILED, message, hint, new NotBelieved());
    }

    private static final class NotBelieved extends Exception {
        private static final long serialVersionUID = 1L;

        NotBelieved() {
            super("the engine ended without an error", null, false, false);
        }
    }

    /** As {@link #saysDamagedFile}, or in words that nobody knows; making the local state anew may help. */
    public static boolean mayBeOwnFiles(Failure failure) {
        boolean unknown = failure.kind() == FailureKind.INTERNAL
                && !String.valueOf(failure.getMessage()).contains(KILLED);
        return saysDamagedFile(failure) || unknown;
    }

    /** Returns the failure of an engine that was stopped from outside before it was done. */
    static Failure cancelled(String command) {
        return new Failure(
                FailureKind.TIMEOUT,
                "litestream " + command + " was stopped before it was done",
                "Nothing is lost: the database and the replica's earlier restore points are as they were. Run it again.");
    }

    /** Returns the failure of an answer that is not what litestream 0.5 answers. */
    static Failure garbage(Context context, String what, String answer) {
        // After a restore it means what "left no file" means: nothing is shown to be restored.
        boolean restore = context.operation() == Operation.RESTORE;
        return new Failure(
                restore ? FailureKind.PROOF_FAILED : FailureKind.INTERNAL,
                "litestream " + context.operation().command + " " + what + ": \""
                        + EngineMessage.quotable(answer, context.secrets()) + "\"",
                (restore ? "Nothing counts as restored. " : "")
                        + "Check that the binary is litestream of generation 0.5.",
                new NotBelieved());
    }

    /** Returns what a run that did not end by itself with exit code 0 means. */
    static Failure of(Context context, EngineRun run, Deadline deadline) {
        String command = context.operation().command;
        if (run.ending() == Ending.CANCELLED) {
            return cancelled(command);
        }
        if (run.ending() == Ending.DEADLINE) {
            return late(context, run, deadline);
        }
        String error = EngineMessage.error(run);
        Optional<EngineStoreError> store = EngineStoreError.in(error);
        if (store.isPresent()) {
            return failed(
                    context,
                    run,
                    "litestream " + command + " failed",
                    store.get().kind(),
                    store.get().hint());
        }
        EngineError meaning = meaning(context, error);
        if (meaning == EngineError.UNKNOWN && run.exitCode() >= 128) {
            return new Failure(
                    FailureKind.INTERNAL,
                    "litestream " + command + KILLED + (run.exitCode() - 128),
                    "Signal 9 usually comes from the kernel when memory runs out: see the log of the host.");
        }
        String what = switch (meaning) {
            case NO_BACKUP -> "the replica holds no backup";
            case INCOMPLETE ->
                "the replica does not hold all that makes up transaction "
                        + context.txid().orElse("");
            case DATABASE_GONE -> "there is no database to replicate";
            default -> "litestream " + command + " failed";
        };
        return failed(context, run, what, meaning.kind, meaning.hint);
    }

    private static Failure failed(Context context, EngineRun run, String what, FailureKind kind, String hint) {
        return new Failure(
                kind,
                what + " (exit code " + run.exitCode() + "): "
                        + EngineMessage.quotable(EngineMessage.error(run), context.secrets()),
                hint);
    }

    private static Failure late(Context context, EngineRun run, Deadline deadline) {
        String complaint = EngineMessage.quotable(EngineMessage.complaint(run), context.secrets());
        return new Failure(
                FailureKind.TIMEOUT,
                "litestream " + context.operation().command + " did not end within its deadline of "
                        + TimeText.limit(deadline.whole())
                        + (complaint.isEmpty() ? "" : "; it last said: " + complaint),
                "Check that the replica answers (litestream tries again for minutes before it says so).");
    }

    private static EngineError meaning(Context context, String error) {
        EngineError meaning = EngineError.of(error);
        boolean replicating = context.operation() == Operation.REPLICATE;
        boolean inReplica = context.database()
                .replica()
                .folder()
                .map(Path::toString)
                .filter(path -> error.contains(path + "/") || error.contains(path + ":"))
                .isPresent();
        return switch (meaning) {
            case NOT_PERMITTED -> inReplica ? EngineError.REPLICA_NOT_PERMITTED : meaning;
            case NO_FOLDER -> inReplica ? EngineError.REPLICA_NO_FOLDER : meaning;
            case NOT_A_DATABASE -> replicating ? meaning : EngineError.DAMAGED;
            // Someone saw that transaction: with -txid, 0.5.17 says the same when a file before it is lost.
            case NO_BACKUP -> context.txid().isPresent() ? EngineError.INCOMPLETE : meaning;
            case NO_POSITION -> context.databaseMissing() ? EngineError.DATABASE_GONE : meaning;
            default -> meaning;
        };
    }
}
