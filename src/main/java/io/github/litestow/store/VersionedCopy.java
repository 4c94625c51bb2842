package io.github.litestow.store;

import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.ReplicaFile;
import io.github.litestow.store.VersionedReplica.Known;
import io.github.litestow.store.VersionedReplica.Version;
import io.github.litestow.store.file.FileStore;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Makes a replica in a folder of what the versions in a bucket say of one point: what a restore of it reads,
 * each file held against its own checksum, and the record as it was. Confined to one thread.
 */
public final class VersionedCopy {
    private static final int PART = 1 << 20;

    private final VersionedReplica replica;
    private final Known known;
    private final Path folder;
    private final WriteGuard between;
    private final FileStore copy;
    private final Set<String> copied = new HashSet<>();
    private final Set<String> damaged = new HashSet<>();

    /**
     * Prepares a copy.
     *
     * @param folder an empty folder
     * @param between asked before each part is downloaded
     */
    public VersionedCopy(VersionedReplica replica, Known known, Path folder, WriteGuard between) {
        this.replica = replica;
        this.known = known;
        this.folder = folder;
        this.between = between;
        this.copy = new FileStore(folder);
    }

    /** Returns how many bytes are to be downloaded, unless some of it is damaged. */
    public long bytes() {
        return needed().stream().mapToLong(ReplicaFile::bytes).sum();
    }

    /**
     * Downloads.
     *
     * @return how many files were passed over because no version of them is whole
     * @throws Failure {@code PROOF_FAILED} when what is whole does not lead to the point
     */
    public int make() throws Failure {
        boolean all = false;
        while (!all) {
            all = true;
            for (ReplicaFile file : needed()) {
                if (copied.contains(file.key())) {
                    continue;
                }
                if (!copied(file.key())) {
                    // Without it something else may be needed.
                    damaged.add(file.key());
                    all = false;
                    break;
                }
                copied.add(file.key());
            }
        }
        if (!ReplicaContents.leadTo(needed(), known.point().txid())) {
            throw new Failure(
                    FailureKind.PROOF_FAILED,
                    "no whole versions lead to " + known.point().txid() + " any more: damaged in every version is "
                            + String.join(", ", damaged.stream().sorted().toList()),
                    "`list --versions` shows what else there is.");
        }
        if (known.record().isPresent()) {
            write(folder.resolve(ProofRecord.KEY), known.record().get());
        }
        return damaged.size();
    }

    private List<ReplicaFile> needed() {
        List<ReplicaFile> files = replica.files(known.seen()).stream()
                .map(Version::file)
                .filter(file -> !damaged.contains(file.key()))
                .toList();
        return FileEvidence.restored(files, known.point().txid());
    }

    private boolean copied(String key) throws Failure {
        Path file = folder.resolve(key);
        for (Version one : replica.versionsOf(key, known.seen())) {
            write(file, one.version());
            if (LtxCheck.of(copy, one.file(), between).state() == FileVerdict.State.WHOLE) {
                return true;
            }
            delete(file);
        }
        return false;
    }

    private void write(Path file, ObjectVersion version) throws Failure {
        try {
            Files.createDirectories(file.getParent());
            try (OutputStream out = Files.newOutputStream(file)) {
                for (long from = 0; from < version.bytes(); from += PART) {
                    between.check();
                    out.write(replica.versions().read(version, from, PART));
                }
            }
        } catch (IOException e) {
            throw Failure.disk("cannot write " + file, e);
        }
    }

    private static void delete(Path file) throws Failure {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw Failure.disk("cannot delete " + file, e);
        }
    }
}
