package io.github.litestow.store.file;

import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One writer at a time, among the threads and processes of a host. It is held for milliseconds, but a
 * process that is frozen (suspended, on a disk that hangs) may hold it for ever, and nobody may wait so
 * long for it.
 */
final class FolderLock implements AutoCloseable {
    /** As long as an answer of a store may take over a network. */
    private static final Duration LOCK_TIMEOUT = Duration.ofSeconds(5);

    private static final Duration POLL = Duration.ofMillis(5);

    /** The lock of the operating system is the process's, so threads need one of their own. */
    private static final Map<Path, ReentrantLock> IN_PROCESS = new ConcurrentHashMap<>();

    private final ReentrantLock threads;
    private final FileChannel channel;

    private FolderLock(ReentrantLock threads, FileChannel channel) {
        this.threads = threads;
        this.channel = channel;
    }

    /**
     * Takes the lock, waiting for others.
     *
     * @param file what is locked, made if it is missing
     * @throws Failure {@code BUSY} when somebody has it for too long
     */
    static FolderLock take(Path file) throws IOException, Failure {
        long end = System.nanoTime() + LOCK_TIMEOUT.toNanos();
        ReentrantLock threads = IN_PROCESS.computeIfAbsent(file, path -> new ReentrantLock());
        if (!within(threads)) {
            throw busy(file);
        }
        FileChannel channel = null;
        boolean taken = false;
        try {
            channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock held = channel.tryLock();
            while (held == null && System.nanoTime() < end) {
                LockSupport.parkNanos(POLL.toNanos());
                held = channel.tryLock();
            }
            if (held == null) {
                throw busy(file);
            }
            taken = true;
            return new FolderLock(threads, channel);
        } finally {
            if (!taken) {
                release(threads, channel);
            }
        }
    }

    private static boolean within(ReentrantLock threads) {
        try {
            return threads.tryLock(LOCK_TIMEOUT.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static Failure busy(Path file) {
        return new Failure(
                FailureKind.BUSY,
                "another process has held the lock " + file + " for " + LOCK_TIMEOUT.toSeconds() + " s",
                "It is suspended, or its disk hangs: let it go on, or end it (`fuser " + file
                        + "` names it). Nothing was deleted, and the next run tries again.");
    }

    private static void release(ReentrantLock threads, FileChannel channel) throws IOException {
        try {
            if (channel != null) {
                channel.close();
            }
        } finally {
            threads.unlock();
        }
    }

    /** Closing the channel gives the lock back. */
    @Override
    public void close() throws IOException {
        release(threads, channel);
    }
}
