package io.github.litestow.discovery;

import io.github.litestow.config.DatabaseGroup;
import io.github.litestow.outcome.ErrorText;
import io.github.litestow.outcome.Failure;
import io.github.litestow.sqlite.StateFolder;
import java.io.IOException;
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

/**
 * One look through the folder of a group: which databases have a file there, and of which there is a record.
 * Follows no link, goes into no hidden folder and not into the replicas, and opens nothing.
 */
final class FolderSweep extends SimpleFileVisitor<Path> {
    private final DatabaseGroup group;
    private final Path replicas;
    private final Set<String> files = new TreeSet<>();
    private final Set<String> records = new TreeSet<>();
    private final List<String> refused = new ArrayList<>();
    private final List<String> unreadable = new ArrayList<>();

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
     * @param refused what looks like a database of the group and cannot be one, for a person
     * @param unreadable what could not be looked into, for a person
     */
    record Found(Set<String> files, Set<String> records, List<String> refused, List<String> unreadable) {}

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
            return new Found(sweep.files, sweep.records, sweep.refused, sweep.unreadable);
        } catch (IOException e) {
            throw Failure.disk("cannot look through " + group.folder(), e);
        }
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
        String name = String.valueOf(folder.getFileName());
        Optional<String> database = StateFolder.databaseOf(name);
        if (database.isPresent()) {
            group.nameOf(relative(folder.resolveSibling(database.get()))).ifPresent(records::add);
            return FileVisitResult.SKIP_SUBTREE;
        }
        boolean within = !folder.equals(group.folder());
        return within && (name.startsWith(".") || folder.equals(replicas))
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
        Path relative = relative(file);
        // Hidden files are Litestow's own, or somebody's who does not want them found.
        if (String.valueOf(file.getFileName()).startsWith(".")
                || group.path().nameIn(relative.toString()).isEmpty()) {
            return FileVisitResult.CONTINUE;
        }
        Optional<String> name = group.nameOf(relative);
        if (name.isPresent() && attributes.isRegularFile()) {
            files.add(name.get());
        } else if (!attributes.isRegularFile()) {
            refused.add(relative + " is a symbolic link or no regular file");
        } else if (!group.copies(relative)) {
            refused.add(relative + " cannot name a database of the group");
        }
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) {
        // An application may delete its files while we walk.
        if (!(e instanceof NoSuchFileException)) {
            unreadable.add(ErrorText.sentence(relative(file).toString(), e));
        }
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, IOException e) {
        if (e != null && !(e instanceof NoSuchFileException)) {
            unreadable.add(ErrorText.sentence(relative(folder).toString(), e));
        }
        return FileVisitResult.CONTINUE;
    }

    private Path relative(Path path) {
        return group.folder().relativize(path);
    }
}
