package io.github.litestow.run.prune;

import io.github.litestow.outcome.ReplicaFile;
import io.github.litestow.outcome.RestorePoint;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which files no kept restore point needs. A restore reads the newest snapshot up to its point and
 * everything that follows it (litestream 0.5.17), whatever the engine then makes of that: so a kept
 * point keeps at least what it needs. As long as no file can go, every point stays. Pure.
 *
 * @param files what may go, newest first: cut off in between, what is left of older points restores
 * @param lost the restore points that go with them, oldest first
 */
record Removal(List<ReplicaFile> files, List<RestorePoint> lost) {
    static final int SNAPSHOT_LEVEL = 9;

    /** Nothing goes. */
    static final Removal NONE = new Removal(List.of(), List.of());

    /**
     * Returns what may go.
     *
     * @param all the files of the replica
     * @param points the restore points, oldest first
     * @param kept the transactions of those that stay
     * @param young files from then on stay: a restore that began a moment ago may still read them
     */
    static Removal of(Collection<ReplicaFile> all, List<RestorePoint> points, Set<String> kept, Instant young) {
        List<RestorePoint> lost =
                points.stream().filter(point -> !kept.contains(point.txid())).toList();
        if (lost.isEmpty()) {
            return NONE;
        }
        NavigableSet<String> stay = new TreeSet<>(kept);
        NavigableSet<String> snapshots = new TreeSet<>();
        String head = "";
        for (ReplicaFile file : all) {
            head = file.maxTxid().compareTo(head) > 0 ? file.maxTxid() : head;
            if (file.level() == SNAPSHOT_LEVEL) {
                snapshots.add(file.maxTxid());
            }
        }
        List<ReplicaFile> unneeded = new ArrayList<>();
        for (ReplicaFile file : all) {
            boolean position = file.maxTxid().equals(head);
            if (!position && file.time().isBefore(young) && !needed(file, stay, snapshots)) {
                unneeded.add(file);
            }
        }
        unneeded.sort(Comparator.comparing(ReplicaFile::maxTxid).reversed().thenComparing(ReplicaFile::level));
        return unneeded.isEmpty() ? NONE : new Removal(List.copyOf(unneeded), lost);
    }

    /** Where the replica ends the engine reads its position; apart from that, whether a kept point reads it. */
    private static boolean needed(ReplicaFile file, NavigableSet<String> kept, NavigableSet<String> snapshots) {
        // The first kept point at or after its end: if that begins with a later snapshot, so do all after it.
        String reader = kept.ceiling(file.maxTxid());
        if (reader == null) {
            return true;
        }
        String base = snapshots.floor(reader);
        if (base == null) {
            return true;
        }
        return file.level() == SNAPSHOT_LEVEL
                ? file.maxTxid().equals(base)
                : file.maxTxid().compareTo(base) > 0;
    }

    /** Returns the same without these files. */
    Removal without(Set<String> keys) {
        List<ReplicaFile> fewer =
                files.stream().filter(file -> !keys.contains(file.key())).toList();
        return fewer.isEmpty() ? NONE : new Removal(fewer, lost);
    }

    /** Returns the kept points that would notice first if one of the files were needed after all, newest first. */
    List<String> witnesses(Set<String> kept) {
        NavigableSet<String> stay = new TreeSet<>(kept);
        Set<String> seen = new HashSet<>();
        List<String> witnesses = new ArrayList<>();
        for (ReplicaFile file : files) {
            String reader = stay.ceiling(file.maxTxid());
            if (reader != null && seen.add(reader)) {
                witnesses.add(reader);
            }
        }
        return witnesses;
    }
}
