package io.github.litestow.store;

import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.ProvenFile;
import io.github.litestow.outcome.RecordedPoint;
import io.github.litestow.outcome.ReplicaFile;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Holds the engine's files at the replica against what they were when they were proven. A file that
 * another writer put in the place of one that was proven restores without a word, to something else.
 * Safe for concurrent use.
 */
public final class FileEvidence {
    private static final int SNAPSHOT_LEVEL = 9;

    private final String url;
    private final ReplicaStore store;
    private final ProofRecord record;

    FileEvidence(String url, ReplicaStore store, ProofRecord record) {
        this.url = url;
        this.store = store;
        this.record = record;
    }

    /**
     * Returns what the files with which a transaction ends, and the snapshot that it builds on, are now:
     * taken before the restore that proves them, so that nothing written in between is called proven.
     * Empty where nothing can be read of files.
     */
    public List<ProvenFile> of(String txid) throws Failure {
        return store.keepsObjects() ? of(txid, store.ltxFiles()) : List.of();
    }

    /**
     * As above, of a listing from before that restore.
     *
     * @param txid the transaction
     * @param listed that listing
     */
    public List<ProvenFile> of(String txid, List<ReplicaFile> listed) throws Failure {
        if (!store.keepsObjects()) {
            return List.of();
        }
        List<ProvenFile> evidence = new ArrayList<>();
        for (ReplicaFile file : restored(listed, txid)) {
            if (decisive(file, txid)) {
                Optional<String> checksum = LtxBytes.checksum(store, file);
                if (checksum.isPresent()) {
                    evidence.add(new ProvenFile(file.key(), file.bytes(), checksum.get(), file.time()));
                }
            }
        }
        return List.copyOf(evidence);
    }

    /**
     * Makes sure that a transaction still restores from the files that were proven.
     *
     * @param txid the transaction
     * @param before what {@link #of} said before it was restored just now
     * @throws Failure {@code PROOF_FAILED} naming the file that is another one
     */
    public void require(String txid, List<ProvenFile> before) throws Failure {
        Optional<String> replaced = store.keepsObjects() ? replaced(txid, before) : Optional.empty();
        if (replaced.isPresent()) {
            throw new Failure(
                    FailureKind.PROOF_FAILED,
                    replaced.get() + " at " + url + " is not the file that was proven: another writer replaced it",
                    "Find out who else writes to this replica and stop it. The file that was proven may be among the"
                            + " bucket's versions.");
        }
    }

    /**
     * Returns whether the files that lead to a transaction are listed, without a gap, with the sizes and
     * times that those had that were proven. Reads none of them.
     */
    public boolean listedAsProven(String txid) throws Failure {
        List<ReplicaFile> files = restored(txid);
        Map<String, ProvenFile> proven = proven();
        return store.keepsObjects()
                && ReplicaContents.leadTo(files, txid)
                && files.stream().allMatch(file -> {
                    ProvenFile known = proven.get(file.key());
                    return known == null
                            || (known.bytes() == file.bytes() && known.time().equals(file.time()));
                });
    }

    private Map<String, ProvenFile> proven() throws Failure {
        Map<String, ProvenFile> proven = new HashMap<>();
        for (RecordedPoint point : record.points()) {
            point.files().forEach(file -> proven.put(file.key(), file));
        }
        return proven;
    }

    /**
     * Returns the file at the replica that is not what was proven, of those that a restore of a
     * transaction reads; empty when there is none.
     */
    public Optional<String> replaced(String txid) throws Failure {
        return store.keepsObjects() ? replaced(txid, List.of()) : Optional.empty();
    }

    private Optional<String> replaced(String txid, List<ProvenFile> before) throws Failure {
        Map<String, ProvenFile> proven = proven();
        List<ReplicaFile> files = restored(txid);
        for (ReplicaFile file : files) {
            ProvenFile known = proven.get(file.key());
            if (known != null && !same(known, file, decisive(file, txid))) {
                return Optional.of(file.key());
            }
        }
        for (ProvenFile known : before) {
            Optional<ReplicaFile> now = files.stream()
                    .filter(file -> file.key().equals(known.key()))
                    .findFirst();
            if (now.isEmpty() || !same(known, now.get(), true)) {
                return Optional.of(known.key());
            }
        }
        return Optional.empty();
    }

    /** What was written anew has another time; so most files cost no request. */
    private boolean same(ProvenFile known, ReplicaFile file, boolean decisive) throws Failure {
        if (known.bytes() != file.bytes()) {
            return false;
        }
        if (!decisive && file.time().equals(known.time())) {
            return true;
        }
        Optional<String> checksum = LtxBytes.checksum(store, file);
        return checksum.isEmpty() || checksum.get().equals(known.checksum());
    }

    /** Of a chain these two matter most: a restore ends with the one, and begins with the other. */
    private static boolean decisive(ReplicaFile file, String txid) {
        return file.level() == SNAPSHOT_LEVEL || file.maxTxid().equals(txid);
    }

    /** What a restore of a transaction reads: the newest snapshot up to it, and what comes after (litestream 0.5.17). */
    private List<ReplicaFile> restored(String txid) throws Failure {
        return restored(store.ltxFiles(), txid);
    }

    /** As above, of a listing. */
    static List<ReplicaFile> restored(List<ReplicaFile> listed, String txid) {
        List<ReplicaFile> files = listed.stream()
                .filter(file -> file.maxTxid().compareTo(txid) <= 0)
                .toList();
        Optional<ReplicaFile> base = files.stream()
                .filter(file -> file.level() == SNAPSHOT_LEVEL)
                .max(Comparator.comparing(ReplicaFile::maxTxid));
        return base.isEmpty()
                ? files
                : files.stream()
                        .filter(file -> file.equals(base.get())
                                || file.maxTxid().compareTo(base.get().maxTxid()) > 0)
                        .toList();
    }
}
