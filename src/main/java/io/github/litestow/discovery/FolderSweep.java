package io.github.litestow.discovery;

import io.github.litestow.config.DatabaseGroup;
import io.github.litestow.config.DecodedText;
import io.github.litestow.outcome.ErrorText;
import io.github.litestow.outcome.Failure;
import io.github.litestow.sqlite.StateFolder;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * One look through the folder of a group: which databases have a file there, and of which there is a record.
 * Follows no link, goes into no hidden folder and not into the replicas, and opens nothing.
 */
final class FolderSweep extends SimpleFileVisitor<Path> {
    /** Of a file system; nobody but root may look into it. */
    private static final String LOST_AND_FOUND = "lost+found";

    private final DatabaseGroup group;
    private final Predicate<Path> backedUp;
    private final BehindLinks links;
    private final Path replicas;
    private final Set<String> files = new TreeSet<>();
    private final Set<String> records = new TreeSet<>();
    private final Map<String, String> unprotected = new TreeMap<>();

    private FolderSweep(DatabaseGroup group, Predicate<Path> backedUp) throws IOException {
        this.group = group;
        this.backedUp = backedUp;
        this.links = new BehindLinks(group, backedUp);
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
     * @param backedUp whether a real path is that of a database, of whichever group or by itself
     * @throws Failure {@code DISK} when the folder is not there or cannot be read at all
     */
    static Found of(DatabaseGroup group, Predicate<Path> backedUp) throws Failure {
        try {
            // An empty place of a volume that is not mounted must not look like a folder without databases.
            Path folder = group.folder().toRealPath();
            FolderSweep sweep = new FolderSweep(group, backedUp);
            Path from = folder.resolve(group.path().before());
            if (Files.isSymbolicLink(from)) {
                sweep.link(from);
            } else if (Files.isDirectory(from)) {
                Files.walkFileTree(from, sweep);
            }
            return new Found(
                    sweep.files,
                    sweep.records,
                    sweep.unprotected.entrySet().stream()
                            .map(one -> one.getKey() + ": " + one.getValue())
                            .toList());
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
                Path parent = relative(folder).getParent();
                unprotected(
                        (parent == null ? "" : parent + "/") + database.get(),
                        "its name cannot be read under the locale of this process; set LC_ALL=C.UTF-8");
            }
            return FileVisitResult.SKIP_SUBTREE;
        }
        return passedOver(folder) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
    }

    /** Returns whether nothing in it is a database of the group. */
    private boolean passedOver(Path folder) {
        return !folder.equals(group.folder())
                && (nobodys(folder) || folder.equals(replicas) || group.copies(relative(folder)));
    }

    /** Returns whether a folder is hidden, or the file system's. */
    static boolean nobodys(Path folder) {
        return hidden(folder) || String.valueOf(folder.getFileName()).equals(LOST_AND_FOUND);
    }

    /** Returns whether a path is Litestow's own, or of somebody who does not want it found. */
    static boolean hidden(Path path) {
        return String.valueOf(path.getFileName()).startsWith(".");
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
        Path relative = relative(file);
        if (hidden(file)) {
            return FileVisitResult.CONTINUE;
        }
        if (attributes.isSymbolicLink()) {
            link(file);
        } else if (group.path().nameIn(relative.toString()).isPresent()) {
            Optional<String> name = attributes.isRegularFile() ? group.nameOf(relative) : Optional.empty();
            if (name.isPresent()) {
                files.add(name.get());
            } else if (!backedUp.test(file)) {
                unprotected(relative.toString(), group.unfit(relative).orElse("it is no regular file"));
            }
        }
        return FileVisitResult.CONTINUE;
    }

    private void link(Path link) {
        links.why(link).ifPresent(why -> unprotected(relative(link).toString(), why));
    }

    private void unprotected(String path, String why) {
        unprotected.put(path.replaceAll("\\p{Cntrl}", "?"), why);
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
            unprotected(relative(path).toString(), "it cannot be looked into: " + ErrorText.of(e));
        }
        return FileVisitResult.CONTINUE;
    }

    private Path relative(Path path) {
        return group.folder().relativize(path);
    }
}
