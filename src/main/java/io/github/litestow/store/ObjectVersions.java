package io.github.litestow.store;

import io.github.litestow.outcome.Failure;
import java.util.List;

/** What a store keeps of objects that were overwritten or deleted. Only reads. Safe for concurrent use. */
public interface ObjectVersions {

    /**
     * Lists every version of every file of the engine, of each file the oldest first. Marks of deletion are none.
     *
     * @throws Failure when they cannot be listed
     */
    List<ObjectVersion> ofFiles() throws Failure;

    /** Lists the versions of an object of our own, oldest first; fails as {@link #ofFiles}. */
    List<ObjectVersion> of(String key) throws Failure;

    /**
     * Reads a part of a version.
     *
     * @return the bytes; fewer than asked for where it ends
     * @throws Failure when it cannot be read
     */
    byte[] read(ObjectVersion version, long from, int length) throws Failure;
}
