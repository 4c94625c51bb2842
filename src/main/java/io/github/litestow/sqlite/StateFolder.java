package io.github.litestow.sqlite;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.config.DatabaseGroup;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * The folder {@code .NAME-litestow} beside a database: scratch files, journal, lock, quarantine. It
 * is 0700 and survives the database.
 */
public final class StateFolder {
    private static final String SUFFIX = "-litestow";
    private static final String SCRATCH = "scratch";
    private static final String ID = "id";
    /** In the folder of a group, what is kept of the group and not of one database. */
    private static final String OF_GROUP = ".litestow";

    private static final Duration LOOK_IS_OVER = Duration.ofDays(1);

    private StateFolder() {}

    /**
     * Makes the folder when it is missing, and of a database of a group the folders that it is in.
     *
     * @throws Failure {@code DISK} when it cannot be made, {@code REFUSED} when a link is there or on the way
     */
    public static void ensure(ConfiguredDatabase database) throws Failure {
        if (database.group().isPresent()) {
            ensure(database.group().get());
            ensureParents(database.group().get().folder(), database.database().getParent());
        }
        directory(database.stateFolder());
    }

    /** With the modes that an application would make them with; behind a link is another place. */
    private static void ensureParents(Path folder, Path parent) throws Failure {
        for (Path part = parent; part != null && !part.equals(folder); part = part.getParent()) {
            if (Files.isSymbolicLink(part)) {
                throw new Failure(
                        FailureKind.REFUSED,
                        part + " is a symbolic link",
                        "The databases of a group are in its folder itself. Remove the link, or configure the other"
                                + " folder as a group of its own.");
            }
        }
        try {
            Files.createDirectories(parent);
        } catch (IOException e) {
            throw Failure.disk("cannot make the folder " + parent, e);
        }
    }

    /** Returns the folder for what is kept of a group as a whole, {@code .litestow/NAME} in its folder. */
    public static Path of(DatabaseGroup group) {
        return group.folder().resolve(OF_GROUP).resolve(group.name().isEmpty() ? "default" : group.name());
    }

    /**
     * Makes the folder of a group when it is missing.
     *
     * @throws Failure {@code DISK} when it cannot be made, {@code REFUSED} when a link is there
     */
    public static void ensure(DatabaseGroup group) throws Failure {
        directory(group.folder().resolve(OF_GROUP));
        directory(of(group));
    }

    /** Returns how the folder of a database file of this name is called. */
    static String nameFor(String file) {
        return "." + file + SUFFIX;
    }

    /** Returns the name of the database that a folder of this name is kept of; empty when it is no such folder. */
    public static Optional<String> databaseOf(String folder) {
        boolean ours = folder.startsWith(".") && folder.endsWith(SUFFIX) && folder.length() > SUFFIX.length() + 1;
        return ours ? Optional.of(folder.substring(1, folder.length() - SUFFIX.length())) : Optional.empty();
    }

    /**
     * Returns the folder's own id, which is made once and stays as long as the folder: it tells what
     * this database's machine uploaded from what others did. A copy of the folder has the same.
     *
     * @throws Failure {@code DISK} when it can be neither read nor written
     */
    public static String id(ConfiguredDatabase database) throws Failure {
        ensure(database);
        Path file = database.stateFolder().resolve(ID);
        try {
            if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                Path temporary = database.stateFolder().resolve(ID + ".new");
                Files.deleteIfExists(temporary);
                Files.createFile(
                        temporary, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                Files.writeString(temporary, UUID.randomUUID().toString());
                Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
            }
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw Failure.disk("cannot use " + file, e);
        }
    }

    /** Returns a new empty scratch folder on the database's own file system. */
    public static Path newScratch(ConfiguredDatabase database, String runId) throws Failure {
        directory(database.stateFolder());
        directory(database.stateFolder().resolve(SCRATCH));
        Path scratch = database.stateFolder().resolve(SCRATCH).resolve(runId);
        directory(scratch);
        return scratch;
    }

    /**
     * Returns a new empty folder for copies to look into, which no run sweeps; what a look that was killed left
     * there goes after a day.
     */
    public static Path newLook(ConfiguredDatabase database) throws Failure {
        ensure(database);
        Path looks = database.stateFolder().resolve("looks");
        directory(looks);
        try {
            Path folder = Files.createTempDirectory(looks, "look-");
            Instant old = Files.getLastModifiedTime(folder).toInstant().minus(LOOK_IS_OVER);
            try (DirectoryStream<Path> all = Files.newDirectoryStream(looks)) {
                for (Path one : all) {
                    if (Files.getLastModifiedTime(one).toInstant().isBefore(old)) {
                        deleteTree(one);
                    }
                }
            }
            return folder;
        } catch (IOException e) {
            throw Failure.disk("cannot use " + looks, e);
        }
    }

    /** Deletes what runs that were killed left in scratch. Only under the claim of the database. */
    public static void sweepScratch(ConfiguredDatabase database) throws Failure {
        delete(database.stateFolder().resolve(SCRATCH));
    }

    /** Deletes a folder tree or file of ours; a link is unlinked, never followed. */
    public static void delete(Path tree) throws Failure {
        try {
            deleteTree(tree);
        } catch (IOException e) {
            throw Failure.disk("cannot delete " + tree, e);
        }
    }

    static void deleteTree(Path tree) throws IOException {
        if (!Files.exists(tree, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(tree, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                // Another process may delete its own temporary file while we walk.
                if (e instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw e;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, IOException e) throws IOException {
                if (e != null) {
                    throw e;
                }
                Files.deleteIfExists(folder);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    static void directory(Path folder) throws Failure {
        try {
            if (Files.isSymbolicLink(folder)) {
                throw new Failure(
                        FailureKind.REFUSED,
                        folder + " is a symbolic link",
                        "Remove the link: Litestow keeps its state beside the database and nowhere else.");
            }
            if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectories(
                        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
        } catch (IOException e) {
            throw Failure.disk("cannot make the folder " + folder, e);
        }
    }
}
