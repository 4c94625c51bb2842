package io.github.litestow.sqlite;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.outcome.ErrorText;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Puts a restored file in the database's place, over nothing and beside nothing stale. */
public final class RestoredFileInstaller {
    private static final Duration SEAL_PATIENCE = Duration.ofSeconds(5);

    /** Older than any file time is coarse, so that the first write after us must show. */
    private static final Duration BACKDATE = Duration.ofSeconds(10);

    /** The folder of copies beside a database. */
    private static final String ASIDE = "restores";

    private RestoredFileInstaller() {}

    /**
     * What may be moved out of the way, apart from a file without content and stale side files.
     *
     * @param anything whatever is there
     * @param fingerprint a database on which nothing was committed since this fingerprint
     */
    public record OverwritePolicy(boolean anything, Optional<String> fingerprint) {
        /** Nothing that has content. */
        public static final OverwritePolicy NOTHING = new OverwritePolicy(false, Optional.empty());

        /** Whatever is there. */
        public static final OverwritePolicy ANYTHING = new OverwritePolicy(true, Optional.empty());

        /** A database on which nothing was committed since {@code fingerprint}. */
        public static OverwritePolicy unchangedSince(String fingerprint) {
            return new OverwritePolicy(false, Optional.of(fingerprint));
        }
    }

    /**
     * A restored file in its place.
     *
     * @param fingerprint what {@link Fingerprint#take} returns as long as nothing was committed there
     * @param warnings for a person
     */
    public record Placed(String fingerprint, List<String> warnings) {}

    /**
     * Moves what is in the way to quarantine, then gives the restored file the database's name
     * without ever replacing a file. A stale {@code -wal} left there would be replayed into it.
     *
     * @param restored a whole, checked database on the same file system
     * @param policy what may be moved away
     * @param ownership what {@link Ownership#of} told of the database before, if known
     * @param now the time for the quarantine's name
     * @throws Failure {@code BUSY} when somebody uses, writes or makes a file there; {@code DISK}
     */
    public static Placed put(
            ConfiguredDatabase database, Path restored, OverwritePolicy policy, Optional<String> ownership, Instant now)
            throws Failure {
        List<String> warnings = new ArrayList<>();
        try {
            if (ownership.isPresent()) {
                own(restored, ownership.get(), warnings);
            }
            Files.setLastModifiedTime(restored, FileTime.from(now.minus(BACKDATE)));
            sync(restored);
            clear(database, policy, now).ifPresent(folder -> warnings.add("what lay in the way is in " + folder));
            // Taken before anybody can write to it: a link has the inode, size and time of its file.
            String fingerprint = Fingerprint.alone(restored).text();
            place(restored, database.database());
            sync(database.database().getParent());
            return new Placed(fingerprint, List.copyOf(warnings));
        } catch (FileAlreadyExistsException e) {
            throw made(database, e);
        } catch (IOException e) {
            throw Failure.disk("cannot put the restored file at " + database.database(), e);
        }
    }

    /** Returns the name, below the database's folder, of the copy that a run puts aside. */
    public static String asideName(ConfiguredDatabase database, String runId) {
        String name = database.fileName();
        int dot = name.lastIndexOf('.');
        return ASIDE + "/" + name.substring(0, dot) + "-" + runId + name.substring(dot);
    }

    /**
     * Returns the file for the copy that a run puts aside, after making its folder.
     *
     * @throws Failure {@code REFUSED} when a link is where the folder should be; {@code DISK}
     */
    public static Path newAside(ConfiguredDatabase database, String runId) throws Failure {
        StateFolder.directory(database.database().resolveSibling(ASIDE));
        return database.database().resolveSibling(asideName(database, runId));
    }

    /**
     * Gives a restored file a name of its own, somewhere else than at the database's path.
     *
     * @param target a file that must not exist; its folder must
     * @throws Failure {@code REFUSED} when something is there already; {@code DISK}
     */
    public static void putAside(Path restored, Path target) throws Failure {
        try {
            Files.copy(restored, target, LinkOption.NOFOLLOW_LINKS);
            sync(target);
            Files.delete(restored);
        } catch (FileAlreadyExistsException e) {
            throw new Failure(
                    FailureKind.REFUSED,
                    target + " exists already",
                    "Name a file that does not exist: a restore never overwrites.",
                    e);
        } catch (IOException e) {
            throw Failure.disk("cannot write " + target, e);
        }
    }

    /**
     * Returns which file this is, whatever its name, as an opaque text; empty when there is none.
     *
     * @throws Failure {@code DISK} when it cannot be read
     */
    public static Optional<String> fileId(Path file) throws Failure {
        try {
            return Optional.of(Files.readAttributes(file, "unix:dev,ino", LinkOption.NOFOLLOW_LINKS).entrySet().stream()
                    .map(Object::toString)
                    .sorted()
                    .collect(Collectors.joining(",")));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw LocalFile.unreadable(file, e);
        }
    }

    private static Optional<Path> clear(ConfiguredDatabase database, OverwritePolicy policy, Instant now)
            throws Failure {
        LocalFile.State state = LocalFile.look(database).state();
        if (state == LocalFile.State.MISSING) {
            return Quarantine.moveCompanions(database, now);
        }
        if (state == LocalFile.State.FOREIGN && policy.anything()) {
            return Quarantine.move(database, now);
        }
        Optional<Seal> sealed;
        try {
            sealed = Seal.take(database, SEAL_PATIENCE);
        } catch (Failure e) {
            if (e.kind() != FailureKind.SOURCE_DAMAGED || !policy.anything()) {
                throw e;
            }
            // Nobody can be using what SQLite cannot open; it is kept as it is.
            return Quarantine.move(database, now);
        }
        if (sealed.isEmpty()) {
            throw new Failure(
                    FailureKind.BUSY,
                    database.database() + " is in use",
                    "Stop the application that has it open, then restore again.");
        }
        try (Seal seal = sealed.get()) {
            boolean allowed = policy.anything()
                    || seal.empty()
                    || policy.fingerprint().filter(seal::unchangedSince).isPresent();
            if (!allowed) {
                throw made(database, null);
            }
            return seal.quarantine(now);
        }
    }

    private static Failure made(ConfiguredDatabase database, Throwable cause) {
        return new Failure(
                FailureKind.BUSY,
                "another process made or wrote to " + database.database() + " while the restore was running",
                "It was left alone. Start the application only when the restore is done, and restore again.",
                cause);
    }

    private static void own(Path restored, String ownership, List<String> warnings) {
        try {
            Ownership.apply(ownership, restored);
        } catch (IOException e) {
            warnings.add(ErrorText.sentence(
                    "could not give the restored database its recorded owner and mode " + ownership, e));
        }
    }

    /** A hard link fails if the name is taken, which a rename does not. */
    private static void place(Path restored, Path database) throws IOException {
        try {
            Files.createLink(database, restored);
            Files.delete(restored);
        } catch (UnsupportedOperationException e) {
            if (Files.exists(database)) {
                throw new FileAlreadyExistsException(database.toString());
            }
            Files.move(restored, database, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private static void sync(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
