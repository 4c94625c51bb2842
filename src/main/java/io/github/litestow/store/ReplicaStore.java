package io.github.litestow.store;

import io.github.litestow.outcome.BucketLock;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.ReplicaFile;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The storage under a replica URL. Keys are relative to it and use {@code /}.
 *
 * <p>Every call ends within seconds and reports trouble by its {@link
 * io.github.litestow.outcome.FailureKind}; nothing here takes trouble for emptiness. Safe for
 * concurrent use. One contract test runs over every implementation.
 */
public interface ReplicaStore {

    /**
     * Finds out whether the replica can be listed, read and written, before long work begins.
     *
     * @throws Failure naming what is wrong
     */
    void probe() throws Failure;

    /**
     * As {@link #probe}, without writing.
     *
     * @throws Failure naming what is wrong
     */
    default void probeReading() throws Failure {
        ltxFiles();
    }

    /**
     * Returns whether the store has taken every conditional write as such so far. Once it refused one,
     * each write follows a read instead, and only one service at a time may use the replica. Whether the
     * conditions can be relied on is found out by letting writers race, not here.
     */
    default boolean conditionalWrites() {
        return keepsObjects();
    }

    /**
     * Returns what the time is at the store, as far as the last probe showed it; empty when that is not
     * known. Asks nobody.
     */
    default Optional<Instant> time() {
        return Optional.empty();
    }

    /** Returns the versions of what is here; empty where the store keeps none, or Litestow cannot ask. */
    default Optional<ObjectVersions> versions() {
        return Optional.empty();
    }

    /**
     * Looks whether this place keeps what is in it, as the settings want it. Asks at most once in a while.
     *
     * @return what was found lately; empty when the settings want nothing
     */
    default Optional<BucketLock> lock() {
        return Optional.empty();
    }

    /** Lists the engine's files; an empty list means that the place was listed and holds none. */
    List<ReplicaFile> ltxFiles() throws Failure;

    /**
     * Returns when a backup of litestream 0.3 was last written to, which {@link #ltxFiles} does not
     * show; empty when there is none.
     */
    Optional<Instant> newestOfOldFormat() throws Failure;

    /**
     * Reads a part of one of the engine's files.
     *
     * @return the bytes; empty when the file is not there or this store cannot read it
     */
    Optional<byte[]> readRange(ReplicaFile file, long from, int length) throws Failure;

    /**
     * Creates one of the engine's files, which must not exist yet: in one piece, so that it is there as a
     * whole or not at all.
     *
     * @param file what it is to be; its time is the store's
     * @param body its bytes
     * @param most how long it may take
     * @param between asked between parts of it; once it refuses, nothing comes of what was sent
     * @return whether it was created; {@code false} means that there is another one
     * @throws Failure when it is not known to be there, which does not say that it is not
     */
    default boolean create(ReplicaFile file, Path body, Duration most, WriteGuard between) throws Failure {
        throw new IllegalStateException("this store is written to by the engine alone");
    }

    /**
     * Deletes one of the engine's files, for good; it may be gone already.
     *
     * @throws Failure {@code REFUSED} where this store cannot delete, {@code PROOF_FAILED} where it
     *     acknowledges and keeps the file
     */
    void delete(ReplicaFile file) throws Failure;

    /**
     * Gives up the engine's uploads that were never finished, whose parts cost room and are not listed.
     * Only for who may write to the replica, while no engine of its own runs.
     *
     * @param begunBefore those that began earlier, by the store's clock
     * @return how many there were
     * @throws Failure when the store does not allow it
     */
    default int abortUploads(Instant begunBefore) throws Failure {
        return 0;
    }

    /**
     * Deletes what earlier versions moved to {@code litestow/set-aside/}.
     *
     * @param before what is older, by the store's clock
     * @param permission asked before each file
     * @throws Failure when the store does not allow it
     */
    default void deleteSetAside(Instant before, WriteGuard permission) throws Failure {
        // Nothing was ever moved there where Litestow has no client of its own.
    }

    /**
     * Deletes an object of our own; it may be gone already.
     *
     * @throws Failure when the store does not allow it
     */
    void deleteObject(String key) throws Failure;

    /** Returns whether objects of our own can be kept here; if not, the calls below do nothing. */
    boolean keepsObjects();

    /**
     * Returns the storage of a place above this one, over the same connection: for what several replicas
     * share. Only where objects of our own can be kept.
     *
     * @param parts how many parts of the path are left out, at the end; 1 or more
     * @throws Failure when there are not so many
     */
    default ReplicaStore above(int parts) throws Failure {
        throw new IllegalStateException("nothing is shared between replicas of this store");
    }

    /** Reads an object; empty means that it is known not to exist. */
    Optional<StoredObject> read(String key) throws Failure;

    /**
     * Creates an object that must not exist yet.
     *
     * @return whether it was created; {@code false} means that it exists
     */
    boolean create(String key, byte[] body) throws Failure;

    /**
     * Replaces an object that must still be as it was read.
     *
     * @param version from {@link StoredObject#version()}
     * @return whether it was replaced; {@code false} means that it changed or vanished
     */
    boolean replace(String key, byte[] body, String version) throws Failure;

    /**
     * As above, for whoever replaces it again and again.
     *
     * @param now gets the version that it has then, if the answer to the write named it
     */
    default boolean replace(String key, byte[] body, String version, Consumer<String> now) throws Failure {
        return replace(key, body, version);
    }
}
