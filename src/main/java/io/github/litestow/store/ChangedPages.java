package io.github.litestow.store;

import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.ReplicaFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Makes a later state of a database out of an earlier one, by what the files between the two say of its pages:
 * nothing else is read from the replica. Confined to one thread.
 */
public final class ChangedPages {
    private static final int SNAPSHOT_LEVEL = 9;

    private final ReplicaStore store;
    private final List<ReplicaFile> files;

    private ChangedPages(ReplicaStore store, List<ReplicaFile> files) {
        this.store = store;
        this.files = files;
    }

    /**
     * Returns the files that lead from one transaction to a later one; empty when none do.
     *
     * @param listed a listing of the replica
     */
    public static Optional<ChangedPages> between(Replica replica, List<ReplicaFile> listed, String from, String to) {
        if (!replica.keepsObjects() || from.compareTo(to) >= 0) {
            return Optional.empty();
        }
        boolean newBase = listed.stream()
                .anyMatch(file -> file.level() == SNAPSHOT_LEVEL
                        && file.maxTxid().compareTo(from) > 0
                        && file.maxTxid().compareTo(to) <= 0);
        if (newBase) {
            // A restore of the later one begins there, and what is before may be another writer's.
            return Optional.empty();
        }
        List<ReplicaFile> chain = new ArrayList<>();
        String at = from;
        while (at.compareTo(to) < 0) {
            String next = String.format("%016x", Long.parseUnsignedLong(at, 16) + 1);
            Optional<ReplicaFile> step = listed.stream()
                    .filter(file -> file.level() != SNAPSHOT_LEVEL
                            && file.minTxid().compareTo(next) <= 0
                            && file.maxTxid().compareTo(next) >= 0
                            && file.maxTxid().compareTo(to) <= 0)
                    .max(Comparator.comparing(ReplicaFile::maxTxid).thenComparing(ReplicaFile::minTxid));
            if (step.isEmpty()) {
                return Optional.empty();
            }
            chain.add(step.get());
            at = step.get().maxTxid();
        }
        return Optional.of(new ChangedPages(replica.store(), List.copyOf(chain)));
    }

    /** Returns how many bytes are to be read. */
    public long bytes() {
        return files.stream().mapToLong(ReplicaFile::bytes).sum();
    }

    /**
     * Makes it.
     *
     * @param before the earlier state, which nobody else uses
     * @param after a file that does not exist yet
     * @return whether it was made; {@code false} when a file is damaged or cannot follow on: what is in {@code
     *     after} is then nothing
     * @throws Failure when a file cannot be read, or {@code after} not be written
     */
    public boolean make(Path before, Path after, WriteGuard between) throws Failure {
        try {
            Files.copy(before, after);
            try (FileChannel channel = FileChannel.open(after, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                int pageSize = pageSize(channel);
                for (ReplicaFile file : files) {
                    Onto onto = new Onto(channel, pageSize);
                    FileVerdict verdict = LtxCheck.of(store, file, between, onto);
                    if (verdict.state() != FileVerdict.State.WHOLE || !onto.fits) {
                        return false;
                    }
                }
                return true;
            }
        } catch (IOException e) {
            throw Failure.disk("cannot write " + after, e);
        }
    }

    private static int pageSize(FileChannel channel) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(2);
        channel.read(header, 16);
        int size = Short.toUnsignedInt(header.getShort(0));
        return size == 1 ? 65_536 : size;
    }

    /** Puts the pages of a file where they belong. */
    private static final class Onto implements LtxCheck.Pages {
        private final FileChannel channel;
        private final int pageSize;
        private boolean fits;

        Onto(FileChannel channel, int pageSize) {
            this.channel = channel;
            this.pageSize = pageSize;
        }

        @Override
        public void begin(int size, long count) throws Failure {
            fits = size == pageSize;
            if (!fits) {
                return;
            }
            try {
                // What is added comes as pages, or is the one that SQLite locks and never writes.
                long bytes = count * pageSize;
                if (channel.size() > bytes) {
                    channel.truncate(bytes);
                } else if (channel.size() < bytes) {
                    channel.write(ByteBuffer.allocate(1), bytes - 1);
                }
            } catch (IOException e) {
                throw Failure.disk("cannot make the later state", e);
            }
        }

        @Override
        public void page(long number, byte[] content) throws Failure {
            if (!fits) {
                return;
            }
            try {
                ByteBuffer page = ByteBuffer.wrap(content);
                while (page.hasRemaining()) {
                    channel.write(page, (number - 1) * pageSize + page.position());
                }
            } catch (IOException e) {
                throw Failure.disk("cannot make the later state", e);
            }
        }
    }
}
