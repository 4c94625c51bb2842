package io.github.litestow.engine;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.control.Cancellation;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.ReplicaFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The litestream binary, generation 0.5 (at least 0.5.12), as a few questions and orders.
 *
 * <p>Every call blocks, ends within its {@code timeout} plus five seconds whatever the engine does,
 * leaves no process behind, and may be ended early from another thread by {@link Cancellation}.
 * What uploads or restores takes turns: only so many engine processes do so at once. What only asks
 * (listing, plan, version) is answered in seconds and waits for nobody. Safe for concurrent use.
 */
public interface Litestream {

    /**
     * Syncs the database to its replica once ({@code replicate -once}).
     *
     * <p>Return means exit code 0 and the engine's own word that it completed; it is not yet a
     * proof.
     */
    default void replicateOnce(ConfiguredDatabase database, Duration timeout, Cancellation cancellation)
            throws Failure {
        replicate(database, false, timeout, cancellation);
    }

    /**
     * Syncs as {@link #replicateOnce} and stores the whole database as a snapshot file too ({@code
     * -force-snapshot}): from then on a restore needs nothing older.
     */
    default void replicateWithSnapshot(ConfiguredDatabase database, Duration timeout, Cancellation cancellation)
            throws Failure {
        replicate(database, true, timeout, cancellation);
    }

    /** Syncs as {@link #replicateOnce}, or {@code withSnapshot} as {@link #replicateWithSnapshot}. */
    void replicate(ConfiguredDatabase database, boolean withSnapshot, Duration timeout, Cancellation cancellation)
            throws Failure;

    /**
     * Restores one transaction into a file that does not exist yet, with the engine's full integrity
     * check ({@code restore -o output -txid … -integrity-check full -json}).
     *
     * @param txid the transaction; empty for the newest (needed for 0.3 replicas only)
     * @return the transaction that the engine says it restored: an echo where {@code txid} was given
     *     (0.5.17), empty for a 0.3 replica
     */
    default String restore(
            ConfiguredDatabase database,
            Optional<String> txid,
            Path output,
            Duration timeout,
            Cancellation cancellation)
            throws Failure {
        return restore(database, new Restore(txid, output, true), timeout, cancellation);
    }

    /**
     * As {@link #restore}, without the integrity check of the database: for one whose schema needs what
     * only its application has ({@link EngineFailures#saysNotCheckable}). The checksums of the replica's
     * files are checked all the same.
     */
    default String restoreUnchecked(
            ConfiguredDatabase database,
            Optional<String> txid,
            Path output,
            Duration timeout,
            Cancellation cancellation)
            throws Failure {
        return restore(database, new Restore(txid, output, false), timeout, cancellation);
    }

    /** Restores as {@link #restore} and {@link #restoreUnchecked} say. */
    String restore(ConfiguredDatabase database, Restore restore, Duration timeout, Cancellation cancellation)
            throws Failure;

    /**
     * What is restored.
     *
     * @param txid the transaction; empty for the newest
     * @param output a file that does not exist yet
     * @param checked whether with the engine's full integrity check
     */
    record Restore(Optional<String> txid, Path output, boolean checked) {}

    /** Lists what the engine sees at the replica ({@code ltx -json -level all}), without local state. */
    List<ReplicaFile> listing(ConfiguredDatabase database, Duration timeout, Cancellation cancellation) throws Failure;

    /** Returns the files that a restore of {@code txid} would read ({@code restore -dry-run -json}). */
    List<ReplicaFile> plan(ConfiguredDatabase database, String txid, Duration timeout, Cancellation cancellation)
            throws Failure;

    /** Returns the version of the binary in use, for example {@code 0.5.17}. */
    String version() throws Failure;

    /** Returns the path of the binary in use. */
    Path binary() throws Failure;
}
