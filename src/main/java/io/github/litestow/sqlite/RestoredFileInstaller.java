package io.github.litestow.sqlite;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.outcome.ErrorText;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
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
            // What cannot be synced is found out before anything is moved.
            sync(database.database().getParent());
            clear(database, policy, now).ifPresent(folder -> warnings.add("what lay in the way is in " + folder));
            // Taken before anybody can write to it: it keeps inode, size and time under its new name.
            String fingerprint = Fingerprint.alone(restored).text();
            FilePlacement.move(restored, database.database());
            syncPlaced(database, warnings);
            return new Placed(fingerprint, List.copyOf(warnings));
        } catch (FileAlreadyExistsException e) {
            throw made(database, e);
        } catch (IOException e) {
            throw Failure.disk("cannot put the restored file at " + database.database(), e);
        }
    }

    /** The database is there, whole: calling that a failure would have the next restore find "a local database". */
    private static void syncPlaced(ConfiguredDatabase database, List<String> warnings) {
        try {
            sync(database.database().getParent());
        } catch (IOException e) {
            warnings.add(ErrorText.sentence(
                    "restored, but the folder of " + database.database() + " could not be synced", e));
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
            sync(restored);
            nameOrCopy(restored, target);
            sync(target.toAbsolutePath().getParent());
        } catch (FileAlreadyExistsException e) {
            throw exists(target);
        } catch (IOException e) {
            throw Failure.disk("cannot write " + target, e);
        }
    }

    /** A second name takes no room. On another file system it is copied, and named when it is whole. */
    private static void nameOrCopy(Path restored, Path target) throws IOException {
        try {
            Files.createLink(target, restored);
            Files.delete(restored);
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (FileSystemException | UnsupportedOperationException e) {
            Path partial = target.resolveSibling("." + target.getFileName() + ".litestow-partial");
            Files.copy(restored, partial, LinkOption.NOFOLLOW_LINKS, StandardCopyOption.REPLACE_EXISTING);
            try {
                sync(partial);
                FilePlacement.move(partial, target);
            } finally {
                Files.deleteIfExists(partial);
            }
        }
    }

    /**
     * Makes sure that {@link #putAside} could make a new file there, as far as can be seen beforehand.
     *
     * @throws Failure {@code REFUSED} when something is there already, or its folder is not; {@code DISK}
     *     when the folder cannot be written to
     */
    public static void requireRoomForNew(Path target) throws Failure {
        Path folder = target.toAbsolutePath().getParent();
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            throw exists(target);
        }
        if (folder == null || !Files.isDirectory(folder)) {
            throw new Failure(
                    FailureKind.REFUSED,
                    "the folder of " + target + " does not exist",
                    "Nothing was downloaded. Make it (`mkdir -p " + folder + "`), or name a file in a folder that is"
                            + " there.");
        }
        if (!Files.isWritable(folder)) {
            throw new Failure(
                    FailureKind.DISK,
                    "the folder of " + target + " cannot be written to",
                    "Nothing was downloaded. Check owner and mode of " + folder + ", or name a file elsewhere.");
        }
    }

    private static Failure exists(Path target) {
        return new Failure(
                FailureKind.REFUSED,
                target + " exists already",
                "Name a file that does not exist: a restore never overwrites.");
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
        if (state == LocalFile.State.EMPTY) {
            return clearEmpty(database, now);
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
            throw inUse(database);
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

    /** Never through SQLite: a pragma would make a database of it, and the next restore would leave that alone. */
    private static Optional<Path> clearEmpty(ConfiguredDatabase database, Instant now) throws Failure {
        try (EmptyFile empty = EmptyFile.lock(database.database()).orElseThrow(() -> inUse(database))) {
            Optional<Path> kept = Quarantine.moveCompanions(database, now);
            empty.delete(InodeDeletion.aside(database));
            return kept;
        } catch (NoSuchFileException e) {
            return Quarantine.moveCompanions(database, now);
        } catch (FileAlreadyExistsException e) {
            InterruptedDeletion.settleAside(database);
            throw made(database, e);
        } catch (IOException e) {
            InterruptedDeletion.settleAside(database);
            throw Failure.disk("cannot move the empty file " + database.database() + " out of the way", e);
        }
    }

    private static Failure inUse(ConfiguredDatabase database) {
        return new Failure(
                FailureKind.BUSY,
                database.database() + " is in use",
                "Stop the application that has it open, then restore again.");
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
            Ownership.give(ownership, restored)
                    .ifPresent(why ->
                            warnings.add("could not give the restored database its recorded owner and mode: " + why));
        } catch (IOException e) {
            warnings.add(ErrorText.sentence(
                    "could not give the restored database its recorded owner and mode " + ownership, e));
        }
    }

    static void sync(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
