package io.github.litestow.discovery;

import io.github.litestow.config.DatabaseGroup;
import io.github.litestow.config.DecodedText;
import io.github.litestow.outcome.ErrorText;
import io.github.litestow.outcome.Failure;
import io.github.litestow.sqlite.StateFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * One look through the folder of a group: which databases have a file there, and of which there is a record.
 * Follows no link, goes into no hidden folder and not into the replicas, and opens nothing.
 */
final class FolderSweep extends SimpleFileVisitor<Path> {
    /** So many entries behind a link to a folder show whether databases are among them. */
    private static final int BEHIND_A_LINK = 10_000;
    /** Of a file system; nobody but root may look into it. */
    private static final String LOST_AND_FOUND = "lost+found";

    private final DatabaseGroup group;
    private final Path replicas;
    private final Set<String> files = new TreeSet<>();
    private final Set<String> records = new TreeSet<>();
    private final List<String> unprotected = new ArrayList<>();

    private FolderSweep(DatabaseGroup group) throws IOException {
        this.group = group;
        Path root = group.replicaRoot().folder().orElse(null);
        this.replicas = root != null && Files.exists(root) ? root.toRealPath() : root;
    }

    /**
     * What was found; the names are those within the group.
     *
     * @param files the databases that have a file
     * @param records the databases of which there is a record, whether or not they have a file
     * @param unprotected what looks like a database of the group and cannot be one, or could not be looked into,
     *     each with the reason, for a person
     */
    record Found(Set<String> files, Set<String> records, List<String> unprotected) {}

    /**
     * Looks.
     *
     * @throws Failure {@code DISK} when the folder is not there or cannot be read at all
     */
    static Found of(DatabaseGroup group) throws Failure {
        try {
            // An empty place of a volume that is not mounted must not look like a folder without databases.
            Path folder = group.folder().toRealPath();
            FolderSweep sweep = new FolderSweep(group);
            Path from = folder.resolve(group.path().before());
            if (Files.isDirectory(from, LinkOption.NOFOLLOW_LINKS)) {
                Files.walkFileTree(from, sweep);
            }
            return new Found(sweep.files, sweep.records, sweep.unprotected);
        } catch (IOException e) {
            throw Failure.disk("cannot look through " + group.folder(), e);
        }
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
        String name = String.valueOf(folder.getFileName());
        Optional<String> database = StateFolder.databaseOf(name);
        if (database.isPresent()) {
            // Of what was offloaded nothing else is here.
            if (DecodedText.whole(name)) {
                group.nameOf(relative(folder.resolveSibling(database.get()))).ifPresent(records::add);
            } else {
                unprotected(
                        relative(folder),
                        "the name of its database cannot be read under the locale of this process; set LC_ALL=C.UTF-8");
            }
            return FileVisitResult.SKIP_SUBTREE;
        }
        return passedOver(folder) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
    }

    /** Returns whether nothing in it is a database of the group. */
    private boolean passedOver(Path folder) {
        String name = String.valueOf(folder.getFileName());
        return !folder.equals(group.folder())
                && (name.startsWith(".") || name.equals(LOST_AND_FOUND) || folder.equals(replicas));
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
        Path relative = relative(file);
        // Hidden files are Litestow's own, or somebody's who does not want them found.
        if (String.valueOf(file.getFileName()).startsWith(".") || group.copies(relative)) {
            return FileVisitResult.CONTINUE;
        }
        boolean fits = group.path().nameIn(relative.toString()).isPresent();
        if (attributes.isSymbolicLink()) {
            if (fits ? !found(file) : leadsToOthers(file)) {
                unprotected(relative, "it is a symbolic link; put what is behind it here, or configure that by itself");
            }
        } else if (fits && !attributes.isRegularFile()) {
            unprotected(relative, "it is no regular file");
        } else if (fits) {
            group.nameOf(relative)
                    .ifPresentOrElse(
                            files::add, () -> group.unfit(relative).ifPresent(why -> unprotected(relative, why)));
        }
        return FileVisitResult.CONTINUE;
    }

    /** Returns whether what is behind a link is found where it is; offloaded it is a database, too. */
    private boolean found(Path link) {
        try {
            Path real = Files.exists(link)
                    ? link.toRealPath()
                    : link.resolveSibling(Files.readSymbolicLink(link)).normalize();
            return real.startsWith(group.folder())
                    && !Files.isDirectory(real)
                    && group.nameOf(relative(real)).isPresent();
        } catch (IOException e) {
            return false;
        }
    }

    /** Returns whether a link leads to a folder outside in which a file would fit the path. */
    private boolean leadsToOthers(Path link) {
        if (!Files.isDirectory(link)) {
            return false;
        }
        try {
            Path real = link.toRealPath();
            if (real.startsWith(group.folder()) || group.folder().startsWith(real)) {
                return false;
            }
            try (Stream<Path> behind = Files.walk(real)) {
                return behind.limit(BEHIND_A_LINK)
                        .map(path ->
                                relative(link).resolve(real.relativize(path)).toString())
                        .anyMatch(path -> group.path().nameIn(path).isPresent());
            }
        } catch (IOException | UncheckedIOException e) {
            unprotected(relative(link), "it is a symbolic link that cannot be followed: " + ErrorText.of(e));
            return false;
        }
    }

    private void unprotected(Path relative, String why) {
        unprotected.add(relative.toString().replaceAll("\\p{Cntrl}", "?") + ": " + why);
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) {
        return unreadable(file, e);
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, IOException e) {
        return e == null ? FileVisitResult.CONTINUE : unreadable(folder, e);
    }

    private FileVisitResult unreadable(Path path, IOException e) {
        // An application may delete its files while we walk.
        if (!(e instanceof NoSuchFileException) && !passedOver(path)) {
            unprotected(relative(path), "it cannot be looked into: " + ErrorText.of(e));
        }
        return FileVisitResult.CONTINUE;
    }

    private Path relative(Path path) {
        return group.folder().relativize(path);
    }
}
