package io.github.litestow.outcome;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * A transaction id at which a confirmed run ended: something one can go back to.
 *
 * @param txid the engine's transaction id, 16 lower-case hexadecimal digits (litestream 0.5's LTX
 *     file names)
 * @param time when the run that made it ended
 * @param assurance how sure we are of it
 */
@RegisterForReflection
public record RestorePoint(String txid, Instant time, Assurance assurance) implements Comparable<RestorePoint> {

    private static final Pattern TXID = Pattern.compile("[0-9a-f]{16}");

    /** Checks that {@code txid} has the form the engine writes. */
    public RestorePoint {
        Objects.requireNonNull(time);
        Objects.requireNonNull(assurance);
        if (!isTxid(txid)) {
            throw new IllegalArgumentException("not a transaction id: " + txid);
        }
    }

    /** Returns whether this has the form of a transaction id. */
    public static boolean isTxid(String text) {
        return TXID.matcher(text).matches();
    }

    /**
     * Returns what comes before every transaction: where a replica ends that lost all of them, and
     * what a backup of litestream 0.3 holds, which names none.
     */
    public static RestorePoint beforeAll(Instant time) {
        return new RestorePoint("0".repeat(16), time, Assurance.CONFIRMED);
    }

    /** Returns whether it was restored and compared, and not only confirmed. */
    public boolean proven() {
        return assurance != Assurance.CONFIRMED;
    }

    /** Returns the same point with another assurance. */
    public RestorePoint as(Assurance other) {
        return new RestorePoint(txid, time, other);
    }

    /** Returns the same point, made at another time. */
    public RestorePoint at(Instant other) {
        return new RestorePoint(txid, other, assurance);
    }

    /** Returns for example {@code 000000000000000c of 2026-11-21T12:00:00Z, proven}. */
    public String words() {
        return txid + " of " + time + ", " + assurance.label();
    }

    @Override
    public int compareTo(RestorePoint other) {
        return txid.compareTo(other.txid);
    }
}
