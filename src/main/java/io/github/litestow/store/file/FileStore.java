package io.github.litestow.store.file;

import io.github.litestow.outcome.ErrorText;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.ReplicaFile;
import io.github.litestow.store.ReplicaStore;
import io.github.litestow.store.StoreTime;
import io.github.litestow.store.StoredObject;
import io.github.litestow.store.WriteGuard;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.stream.Stream;

/**
 * A {@code file://} replica. Conditional writes hold a lock file, so they are decided between the
 * processes of one host (and of several, where the file system's locks reach that far); the version
 * of an object is its digest.
 */
public final class FileStore implements ReplicaStore {
    /** What a writer that was killed left is so old at least; nobody writes for so long. */
    private static final Duration FORGOTTEN = Duration.ofDays(1);

    private final Path root;
    private final StoreTime time = new StoreTime();

    /** Makes the store of a folder, which need not exist yet. */
    public FileStore(Path root) {
        this.root = root;
    }

    @Override
    public void probe() throws Failure {
        try {
            Path ours = Files.createDirectories(root.resolve("litestow"));
            Path probe = Files.createTempFile(ours, ".probe", null);
            time.saw(Files.getLastModifiedTime(probe).toInstant());
            Files.delete(probe);
        } catch (IOException e) {
            throw classify("cannot write to", e);
        }
        ltxFiles();
    }

    @Override
    public Optional<Instant> time() {
        return time.now();
    }

    @Override
    public List<ReplicaFile> ltxFiles() throws Failure {
        Path ltx = root.resolve("ltx");
        if (!Files.exists(ltx)) {
            return List.of();
        }
        try (Stream<Path> files = Files.find(ltx, 2, (path, attributes) -> attributes.isRegularFile())) {
            return files.map(this::describe).flatMap(Optional::stream).toList();
        } catch (UncheckedIOException e) {
            throw classify("cannot list", e.getCause());
        } catch (IOException e) {
            throw classify("cannot list", e);
        }
    }

    private Optional<ReplicaFile> describe(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return ReplicaFile.of(
                    root.relativize(file).toString(),
                    attributes.size(),
                    attributes.lastModifiedTime().toInstant());
        } catch (NoSuchFileException e) {
            // Pruned between the listing and the look: it is not there.
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Optional<Instant> newestOfOldFormat() throws Failure {
        Path generations = root.resolve("generations");
        if (!Files.isDirectory(generations)) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.walk(generations)) {
            Optional<Instant> newest = Optional.empty();
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Instant time = Files.getLastModifiedTime(file).toInstant();
                newest = newest.filter(other -> other.isAfter(time)).or(() -> Optional.of(time));
            }
            return newest;
        } catch (UncheckedIOException e) {
            throw classify("cannot list", e.getCause());
        } catch (IOException e) {
            throw classify("cannot list", e);
        }
    }

    @Override
    public Optional<byte[]> readRange(ReplicaFile file, long from, int length) throws Failure {
        try (FileChannel channel = FileChannel.open(root.resolve(file.key()), StandardOpenOption.READ)) {
            return Optional.of(Channels.newInputStream(channel.position(from)).readNBytes(length));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw classify("cannot read " + file.key() + " of", e);
        }
    }

    @Override
    public boolean create(ReplicaFile file, Path body, Duration most, WriteGuard between) throws Failure {
        try {
            return NewFile.create(root.resolve(file.key()), body, between);
        } catch (IOException e) {
            throw classify("cannot write " + file.key() + " of", e);
        }
    }

    @Override
    public void delete(ReplicaFile file) throws Failure {
        try {
            Files.deleteIfExists(root.resolve(file.key()));
        } catch (IOException e) {
            throw classify("cannot delete " + file.key() + " of", e);
        }
    }

    /** On a file system the engine (0.5.17) writes beside the file, to a name that ends in {@code .tmp}; so do we. */
    @Override
    public int abortUploads(Instant begunBefore) throws Failure {
        BiPredicate<Path, Instant> unfinished =
                (path, time) -> path.toString().endsWith(".tmp") && time.isBefore(begunBefore);
        // Others write below litestow without the lease: a probe, a label.
        BiPredicate<Path, Instant> forgotten = (path, time) -> unfinished.test(path, time.plus(FORGOTTEN));
        return deleteBelow(root.resolve("ltx"), unfinished, () -> {})
                + deleteBelow(root.resolve("litestow"), forgotten, () -> {});
    }

    @Override
    public void deleteSetAside(Instant before, WriteGuard permission) throws Failure {
        deleteBelow(root.resolve("litestow/set-aside"), (path, time) -> time.isBefore(before), permission);
    }

    private int deleteBelow(Path folder, BiPredicate<Path, Instant> which, WriteGuard permission) throws Failure {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            return 0;
        }
        int deleted = 0;
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (which.test(file, Files.getLastModifiedTime(file).toInstant())) {
                    permission.check();
                    Files.deleteIfExists(file);
                    deleted++;
                }
            }
            return deleted;
        } catch (NoSuchFileException e) {
            // The engine gave it its name meanwhile.
            return deleted;
        } catch (UncheckedIOException e) {
            throw classify("cannot clean up", e.getCause());
        } catch (IOException e) {
            throw classify("cannot clean up", e);
        }
    }

    @Override
    public ReplicaStore above(int parts) {
        Path place = root;
        for (int part = 0; part < parts; part++) {
            place = place.getParent();
        }
        return new FileStore(place);
    }

    @Override
    public boolean keepsObjects() {
        return true;
    }

    @Override
    public Optional<StoredObject> read(String key) throws Failure {
        try {
            byte[] body = Files.readAllBytes(root.resolve(key));
            return Optional.of(new StoredObject(body, digest(body)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw classify("cannot read " + key + " of", e);
        }
    }

    @Override
    public void deleteObject(String key) throws Failure {
        try {
            Files.deleteIfExists(root.resolve(key));
        } catch (IOException e) {
            throw classify("cannot delete " + key + " of", e);
        }
    }

    @Override
    public boolean create(String key, byte[] body) throws Failure {
        return conditionally(key, () -> !Files.exists(root.resolve(key)), body);
    }

    @Override
    public boolean replace(String key, byte[] body, String version) throws Failure {
        return conditionally(
                key, () -> digest(Files.readAllBytes(root.resolve(key))).equals(version), body);
    }

    private boolean conditionally(String key, Condition condition, byte[] body) throws Failure {
        try {
            Path target = root.resolve(key);
            Files.createDirectories(target.getParent());
            try (FolderLock lock = FolderLock.take(target.resolveSibling(".lock"))) {
                if (!condition.holds()) {
                    return false;
                }
                NewFile.replace(target, body);
                return true;
            }
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            throw classify("cannot write " + key + " of", e);
        }
    }

    /** Returns the names of the folders in it; none while it does not exist. */
    List<String> folders() throws Failure {
        try (Stream<Path> entries = Files.list(root)) {
            return entries.filter(entry -> Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS))
                    .map(folder -> String.valueOf(folder.getFileName()))
                    .toList();
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (UncheckedIOException e) {
            throw classify("cannot list", e.getCause());
        } catch (IOException e) {
            throw classify("cannot list", e);
        }
    }

    private Failure classify(String what, IOException e) {
        boolean denied = e instanceof AccessDeniedException;
        return new Failure(
                denied ? FailureKind.ACCESS_DENIED : FailureKind.REPLICA_UNREACHABLE,
                ErrorText.sentence(what + " the replica folder " + root, e),
                denied
                        ? "Give the user that runs Litestow read and write permission on the folder."
                        : "Check that the folder's disk is mounted, writable and not full.",
                e);
    }

    private static String digest(byte[] body) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private interface Condition {
        boolean holds() throws IOException;
    }
}
