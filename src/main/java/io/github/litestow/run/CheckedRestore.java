package io.github.litestow.run;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.control.Cancellation;
import io.github.litestow.engine.Litestream;
import io.github.litestow.outcome.Failure;
import io.github.litestow.sqlite.DatabaseCheck;
import io.github.litestow.sqlite.LocalFile;
import io.github.litestow.sqlite.RestoredCheck;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Has what is local and what is restored checked as far as it can be checked without the application. A
 * database whose schema needs more than that is no worse than others: it is backed up, proven and
 * restored like them, and it is said once what is not checked.
 */
public final class CheckedRestore {
    private static final Duration LOCK_TIMEOUT = Duration.ofSeconds(5);

    private CheckedRestore() {}

    /**
     * Makes sure that the local database is sound.
     *
     * @param local what is at its path
     * @throws Failure {@code SOURCE_DAMAGED} when it is not; {@code BUSY}, {@code TIMEOUT}
     */
    public static void requireSound(RunContext context, LocalFile local) throws Failure {
        ConfiguredDatabase settings = context.database().settings();
        Duration busy = context.deadline().remaining(LOCK_TIMEOUT);
        sound(context, DatabaseCheck.quick(settings, local, busy, context.limit()));
    }

    /**
     * Remembers that the database is sound, and warns on the run in which what keeps it from being checked changed.
     *
     * @param why what kept it from being checked in full
     */
    public static void sound(RunContext context, Optional<String> why) throws Failure {
        context.notChecked(why);
        Optional<String> known = context.database().journal().state().notChecked();
        if (known.equals(why)) {
            return;
        }
        context.database().journal().change(change -> change.notChecked(why));
        why.ifPresent(lacking -> context.warn("SQLite cannot check the database in full without its application ("
                + lacking + "). Backups go on and are proven page by page, which says more; a restore checks the rest,"
                + " and the checksums of the replica's files"));
    }

    /**
     * Restores a transaction, and has it checked.
     *
     * @param txid the transaction; empty for the newest (needed for 0.3 replicas only)
     * @param output a file that does not exist yet
     * @throws Failure {@code PROOF_FAILED} when it is damaged ({@link RestoredCheck#saysUnsound}), and as {@link
     *     Litestream#restore} does
     */
    public static void into(RunContext context, Litestream litestream, Optional<String> txid, Path output)
            throws Failure {
        into(context, litestream, txid, output, context.cancellation());
    }

    /** As above, stopped by {@code cancellation} instead of the run's own. */
    static void into(
            RunContext context, Litestream litestream, Optional<String> txid, Path output, Cancellation cancellation)
            throws Failure {
        ConfiguredDatabase settings = context.database().settings();
        Runnable restored = context.statistics().restoring();
        litestream.restore(settings, txid, output, context.deadline().remaining(), cancellation);
        Optional<String> why = RestoredCheck.of(output, context.limit());
        restored.run();
        sound(context, why);
    }
}
