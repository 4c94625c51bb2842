package io.github.litestow.sqlite;

import io.github.litestow.control.DaemonThreads;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.IntFunction;

/**
 * Reads pages from the first to the last in blocks of 1 MiB: the next one on a thread of its own while the last one
 * is looked at. To be used by one thread. Once it is closed nothing is being read any more.
 */
final class ReadAhead implements AutoCloseable {
    /** What is read sooner than a thread is started, where many small databases follow each other. */
    private static final long SMALL = 4L * PageComparison.BLOCK;

    private final PageComparison.Content content;
    private final long size;
    private final DaemonThreads thread = new DaemonThreads("read ahead", 1);
    private ByteBuffer block;
    private ByteBuffer following;
    private CompletableFuture<Void> reading;
    private long position;

    /**
     * Begins to read.
     *
     * @param buffers makes what the blocks are read into
     */
    ReadAhead(PageComparison.Content content, IntFunction<ByteBuffer> buffers) throws IOException {
        this.content = content;
        this.size = content.size();
        int capacity = (int) Math.min(PageComparison.BLOCK, size);
        block = buffers.apply(capacity);
        following = buffers.apply(size > capacity ? capacity : 0);
        reading = fill(0, block);
    }

    private CompletableFuture<Void> fill(long from, ByteBuffer into) throws IOException {
        if (size <= SMALL) {
            content.fill(from, into.clear());
            return CompletableFuture.completedFuture(null);
        }
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        content.fill(from, into.clear());
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                thread);
    }

    /** Returns where the block begins that {@link #next} returns. */
    long position() {
        return position;
    }

    /** Returns whether there is another block. */
    boolean hasNext() {
        return position < size;
    }

    /** Returns the next block, ready to be read; the one before is not to be looked at any more. */
    ByteBuffer next() throws IOException {
        try {
            reading.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof UncheckedIOException io) {
                throw io.getCause();
            }
            throw e;
        }
        ByteBuffer next = block;
        block = following;
        following = next;
        position += PageComparison.BLOCK;
        if (hasNext()) {
            reading = fill(position, block);
        }
        return next;
    }

    @Override
    public void close() {
        reading.exceptionally(e -> null).join();
        thread.close();
    }
}
