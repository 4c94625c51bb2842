package io.github.litestow.store;

import io.github.litestow.outcome.ReplicaFile;

/**
 * What a look at one of the engine's files at the replica found.
 *
 * @param file the file
 * @param state what it is
 * @param why what says so, a part of a sentence about the file
 */
public record FileVerdict(ReplicaFile file, State state, String why) {

    /** What a file can be found to be. */
    public enum State {
        /** Every byte was read and its checksum is right. */
        WHOLE,
        /** It was read and is not what was written. */
        DAMAGED,
        /** It was listed and is gone. */
        MISSING,
        /** It is of a form that Litestow does not read. */
        UNKNOWN
    }

    /** Returns the file and what is wrong with it, for a person. */
    public String words() {
        return file.key() + ": " + why;
    }
}
