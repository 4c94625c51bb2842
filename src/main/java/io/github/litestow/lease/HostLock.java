package io.github.litestow.lease;

import io.github.litestow.control.Held;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Keeps the other processes of this host away from a database: the lock on a file in its state
 * folder, which the operating system gives up when its holder dies. The file's text says who holds
 * it. Safe for concurrent use.
 */
public final class HostLock {
    /** Another one after each start of the kernel (proc(5)). */
    private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");

    private final String unique = UUID.randomUUID().toString();
    private final Path file;
    /** To close any descriptor of a file drops every lock that this JVM has on it, not only our own. */
    private final List<FileChannel> keptOpen = new ArrayList<>();

    private FileChannel channel;
    private int holders;

    /** Locks the file {@code lock} in a state folder, which must exist before the lock is taken. */
    public HostLock(Path stateFolder) {
        this.file = stateFolder.resolve("lock");
    }

    /**
     * Keeps other processes out until what is returned is closed; may be held several times at once.
     *
     * @param holder how to describe this process to others
     * @throws Failure {@code BUSY} when another process has it, {@code DISK} when the lock file
     *     cannot be used
     */
    public synchronized Held take(String holder) throws Failure {
        return take(holder, false);
    }

    /**
     * As {@link #take}, but lets others in who take it in this way; what this process holds already is enough.
     *
     * @throws Failure {@code BUSY} when another process has it for itself, {@code DISK} when the lock file
     *     cannot be used
     */
    public synchronized Held share(String holder) throws Failure {
        return take(holder, true);
    }

    private Held take(String holder, boolean shared) throws Failure {
        if (holders == 0) {
            channel = lock(holder, shared);
        }
        holders++;
        return this::release;
    }

    private synchronized void release() {
        holders--;
        if (holders == 0) {
            try {
                channel.close();
            } catch (IOException e) {
                throw new IllegalStateException("cannot close " + file, e);
            }
        }
    }

    private FileChannel lock(String holder, boolean shared) throws Failure {
        try {
            FileChannel opened = FileChannel.open(
                    file,
                    Set.of(
                            StandardOpenOption.CREATE,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE,
                            LinkOption.NOFOLLOW_LINKS),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            FileLock lock;
            try {
                lock = opened.tryLock(0, Long.MAX_VALUE, shared);
            } catch (OverlappingFileLockException e) {
                // A second class loader of this JVM has it, as in dev mode.
                keptOpen.add(opened);
                throw busy(opened);
            }
            if (lock == null) {
                try (opened) {
                    throw busy(opened);
                }
            }
            if (!shared) {
                opened.truncate(0);
                opened.write(ByteBuffer.wrap(holder.getBytes(StandardCharsets.UTF_8)), 0);
            }
            return opened;
        } catch (IOException e) {
            throw Failure.disk("cannot use the lock file " + file, e);
        }
    }

    /**
     * Returns what no other living process has while this one holds the lock: the lock's file under
     * this run of the kernel. Where that cannot be known, something that nobody else has at all.
     */
    String holderId() {
        try {
            String boot = Files.readString(BOOT).strip();
            Map<String, Object> attributes = Files.readAttributes(file, "unix:dev,ino");
            return boot + "/" + attributes.get("dev") + ":" + attributes.get("ino");
        } catch (IOException | UnsupportedOperationException e) {
            return unique;
        }
    }

    private static Failure busy(FileChannel channel) throws IOException {
        return new Failure(
                FailureKind.BUSY,
                "the database is being worked on by " + read(channel),
                "Wait for it to end, or stop it first.");
    }

    private static String read(FileChannel channel) throws IOException {
        ByteBuffer text = ByteBuffer.allocate(500);
        channel.read(text, 0);
        String holder = new String(text.array(), 0, text.position(), StandardCharsets.UTF_8).strip();
        return holder.isEmpty() ? "another process" : holder;
    }
}
