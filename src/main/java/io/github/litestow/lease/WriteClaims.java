package io.github.litestow.lease;

import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.store.Replica;
import io.github.litestow.store.StoredObject;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the lease's object says of who writes which transactions: what the holder is uploading, and from
 * whom it took the lease over. A holder that fell silent may be frozen with a request on its way, which
 * the store carries out long after (a suspended machine): nothing that such a request can write over may
 * ever count. Immutable.
 *
 * @param tookOver the last takeover from a holder that might still write; stays for those who come after
 * @param uploading what the holder is uploading, until the replica's own record holds it
 */
public record WriteClaims(Optional<TookOver> tookOver, Optional<Upload> uploading) {
    /** Nobody took anything over, and nothing is being uploaded. */
    public static final WriteClaims NONE = new WriteClaims(Optional.empty(), Optional.empty());

    /**
     * How many transactions one run of the engine may write: what it stored before and could not
     * upload comes first, and one run makes two when it checkpoints a large WAL (litestream 0.5.17).
     */
    private static final int MAX_TRANSACTIONS = 4;

    private static final String NOTHING = "0".repeat(16);
    private static final int HEX = 16;

    /**
     * A takeover.
     *
     * @param holder the id of the holder that fell silent
     * @param who that was, for messages
     * @param after where the replica ended when it was taken over
     * @param upTo the last transaction that the silent holder may still write
     */
    @RegisterForReflection
    public record TookOver(String holder, String who, String after, String upTo) {
        boolean whole() {
            return holder != null && who != null && txids(after, upTo);
        }
    }

    /**
     * Transactions that a holder may write.
     *
     * @param after where the replica ended before
     * @param upTo the last of them
     */
    @RegisterForReflection
    public record Upload(String after, String upTo) {
        /**
         * What one run of the engine may write.
         *
         * @param head where the replica ends; empty when it holds nothing
         * @param local the newest transaction that the engine stored locally, if any
         */
        public static Upload from(Optional<String> head, Optional<String> local) {
            String newest = Stream.concat(head.stream(), local.stream())
                    .max(String::compareTo)
                    .orElse(NOTHING);
            return new Upload(head.orElse(NOTHING), plus(newest, MAX_TRANSACTIONS));
        }

        boolean whole() {
            return txids(after, upTo);
        }
    }

    /**
     * Reads what the replica's lease says now.
     *
     * @throws Failure when it cannot be read
     */
    public static WriteClaims read(Replica replica) throws Failure {
        Optional<StoredObject> object = replica.store().read(Lease.KEY);
        return object.isPresent()
                ? LeaseDocument.parse(replica.objects(), object.get()).claims()
                : NONE;
    }

    /**
     * Returns whether a transaction that the replica's own record lacks is the holder's own, or was there
     * before any takeover; if not, it is a late write of the holder that fell silent.
     */
    public boolean vouchFor(String txid) {
        if (tookOver.isEmpty() || txid.compareTo(tookOver.get().after()) <= 0) {
            return true;
        }
        return txid.compareTo(tookOver.get().upTo()) > 0
                && uploading.filter(own -> txid.compareTo(own.after()) > 0).isPresent();
    }

    WriteClaims uploading(Optional<Upload> upload) {
        return new WriteClaims(tookOver, upload);
    }

    /** The holder has ended: what it was uploading and vouched for was there before whatever follows. */
    WriteClaims ended(String head) {
        Optional<TookOver> then = tookOver.map(old -> vouchFor(head) && head.compareTo(old.after()) > 0
                ? new TookOver(old.holder(), old.who(), head, old.upTo())
                : old);
        return new WriteClaims(then, Optional.empty());
    }

    /** The holder fell silent, and may still write what it said it would. */
    WriteClaims silenced(String holder, String who, Optional<String> listed) {
        String head = listed.orElse(NOTHING);
        String after = vouchFor(head) ? head : tookOver.orElseThrow().after();
        String own = uploading.map(Upload::upTo).orElseGet(() -> plus(head, MAX_TRANSACTIONS));
        String upTo = Stream.concat(Stream.of(own, head), tookOver.map(TookOver::upTo).stream())
                .max(String::compareTo)
                .orElseThrow();
        return new WriteClaims(Optional.of(new TookOver(holder, who, after, upTo)), Optional.empty());
    }

    private static boolean txids(String... given) {
        return Stream.of(given).allMatch(txid -> txid != null && RestorePoint.isTxid(txid));
    }

    private static String plus(String txid, int more) {
        return String.format(Locale.ROOT, "%016x", Long.parseUnsignedLong(txid, HEX) + more);
    }
}
