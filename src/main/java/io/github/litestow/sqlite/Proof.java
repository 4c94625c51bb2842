package io.github.litestow.sqlite;

import java.nio.file.Path;

/**
 * Says that the database {@code file}, under a live {@link Seal}, equals what the replica restores
 * for {@code txid}. Only {@link Seal#compare} makes one, and only that seal's {@link Seal#delete}
 * takes it.
 */
public final class Proof {
    private final Seal seal;
    private final String txid;
    private final Path file;

    Proof(Seal seal, String txid, Path file) {
        this.seal = seal;
        this.txid = txid;
        this.file = file;
    }

    boolean madeUnder(Seal other) {
        return seal == other;
    }

    /** Returns the transaction that was restored and compared. */
    public String txid() {
        return txid;
    }

    /** Returns the database that was compared. */
    public Path file() {
        return file;
    }

    @Override
    public String toString() {
        return "proof of " + txid + " for " + file;
    }
}
