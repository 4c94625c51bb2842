package io.github.litestow.sqlite;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.config.DatabaseGroup;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The names of a database's file (hard links, {@code cp -al}). Looks at entries of folders only, so it may be asked
 * while somebody has locks on the file.
 */
public final class FileNames {
    private FileNames() {}

    /**
     * Makes sure that a database that is to be deleted has no second name: what deletes it writes into
     * it first, and would destroy somebody's copy.
     *
     * @throws Failure {@code REFUSED} when it has more than one name; {@code DISK}
     */
    public static void requireOne(Path file) throws Failure {
        int names;
        try {
            names = count(file);
        } catch (IOException e) {
            throw LocalFile.unreadable(file, e);
        }
        if (names > 1) {
            throw new Failure(
                    FailureKind.REFUSED,
                    file + " has " + names + " names (hard links), and deleting it would destroy the file under each of"
                            + " them",
                    "Nothing was deleted. Make the others true copies (`cp` instead of `cp -al` or `ln`; `find -inum`"
                            + " finds them), or keep the database with LITESTOW_SNAPSHOT_DELETE_LOCAL=false.");
        }
    }

    /**
     * Refuses a file that is used as a database under another of its names, too. SQLite keeps a write-ahead log for
     * each name, so what is written under both is lost or damages the file (SQLite, "How To Corrupt An SQLite Database
     * File", section 2.5). Another name that nobody uses does no harm. It is looked for in the database's folder; for a
     * database of a group, in all of the group's.
     *
     * @throws Failure {@code REFUSED} for each of the names; {@code DISK}
     */
    public static void refuseTwoDatabases(ConfiguredDatabase database) throws Failure {
        Path file = database.database();
        Optional<Path> other;
        try {
            other = count(file) > 1 ? usedUnderAnotherName(database) : Optional.empty();
        } catch (NoSuchFileException gone) {
            return;
        } catch (IOException e) {
            throw LocalFile.unreadable(file, e);
        }
        if (other.isPresent()) {
            throw new Failure(
                    FailureKind.REFUSED,
                    file + " is the same file as " + other.get() + " (hard links), and is used as a database under both"
                            + " names: SQLite keeps a write-ahead log for each name, and so loses rows",
                    "Nothing was touched. Stop what uses them, look into both, then make one of them a true copy"
                            + " (`sqlite3 ONE \".backup COPY\"`), or take the name away that is not needed.");
        }
    }

    private static int count(Path file) throws IOException {
        return (Integer) Files.getAttribute(file, "unix:nlink", LinkOption.NOFOLLOW_LINKS);
    }

    private static Optional<Path> usedUnderAnotherName(ConfiguredDatabase database) throws IOException {
        Path file = database.database();
        Optional<Path> group = database.group().map(DatabaseGroup::folder);
        Search search = new Search(file);
        Files.walkFileTree(group.orElse(file.getParent()), Set.of(), group.isPresent() ? Integer.MAX_VALUE : 1, search);
        return Optional.ofNullable(search.found);
    }

    /** Looks for another name of a file beside which there is what a database has beside it. */
    private static final class Search extends SimpleFileVisitor<Path> {
        private final Path file;
        private final Object inode;
        private Path found;

        Search(Path file) throws IOException {
            this.file = file;
            this.inode = inode(Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
        }

        private static Object inode(BasicFileAttributes attributes) {
            return Objects.requireNonNull(attributes.fileKey(), "what has hard links has inodes");
        }

        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            // What is placed or deleted has a second name in a folder of ours meanwhile.
            return String.valueOf(folder.getFileName()).startsWith(".") && !file.startsWith(folder)
                    ? FileVisitResult.SKIP_SUBTREE
                    : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path other, BasicFileAttributes attributes) {
            if (!other.equals(file)
                    && attributes.isRegularFile()
                    && inode(attributes).equals(inode)
                    && usedAsDatabase(other)) {
                found = other;
                return FileVisitResult.TERMINATE;
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path folder, IOException e) {
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path other, IOException e) {
            // It may be gone by now, or be a folder that is nobody's business.
            return FileVisitResult.CONTINUE;
        }

        private static boolean usedAsDatabase(Path file) {
            String name = String.valueOf(file.getFileName());
            return List.of(name + "-wal", name + "-journal", StateFolder.nameFor(name)).stream()
                    .anyMatch(beside -> Files.exists(file.resolveSibling(beside), LinkOption.NOFOLLOW_LINKS));
        }
    }
}
