package io.github.litestow.store;

import io.github.litestow.outcome.ReplicaFile;
import java.util.List;
import java.util.Optional;

/** What a replica was last seen to hold, kept so that it need not be listed again. Safe for concurrent use. */
public final class ReplicaStats {
    private Optional<Long> bytes = Optional.empty();
    private Optional<Long> objects = Optional.empty();
    private Optional<Long> points = Optional.empty();

    /** Returns how many bytes the engine's files are; empty before the first listing. */
    public synchronized Optional<Long> bytes() {
        return bytes;
    }

    /** Returns how many files that are; empty before the first listing. */
    public synchronized Optional<Long> objects() {
        return objects;
    }

    /** Returns how many restore points there are; empty before they were first looked up. */
    public synchronized Optional<Long> points() {
        return points;
    }

    synchronized List<ReplicaFile> listed(List<ReplicaFile> files) {
        bytes = Optional.of(files.stream().mapToLong(ReplicaFile::bytes).sum());
        objects = Optional.of((long) files.size());
        return files;
    }

    synchronized void deleted(ReplicaFile file) {
        bytes = bytes.map(before -> before - file.bytes());
        objects = objects.map(before -> before - 1);
    }

    synchronized void points(int count) {
        points = Optional.of((long) count);
    }
}
