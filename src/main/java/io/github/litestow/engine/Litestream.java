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
     * Restores one transaction into a file that does not exist yet ({@code restore -o output -txid …
     * -json}). The engine checks the checksums of the replica's files; whether the database in them is
     * sound is asked of the file itself, afterwards ({@code CheckedRestore}).
     *
     * @param txid the transaction; empty for the newest (needed for 0.3 replicas only)
     * @return the transaction that the engine says it restored: an echo where {@code txid} was given
     *     (0.5.17), empty for a 0.3 replica
     */
    String restore(
            ConfiguredDatabase database,
            Optional<String> txid,
            Path output,
            Duration timeout,
            Cancellation cancellation)
            throws Failure;

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
