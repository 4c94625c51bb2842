package io.github.litestow.discovery;

import io.github.litestow.config.DatabaseGroup;
import io.github.litestow.outcome.ErrorText;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Whether symbolic links in a group's folder lead to what looks like its databases and is nobody's. Links are
 * followed for that alone. Of one look; not safe for concurrent use.
 */
final class BehindLinks {
    /** So many entries show whether databases are among them; more would make a look slow. */
    private static final int MOST = 10_000;

    private static final String LINK = "it is a symbolic link";
    /** What is wrong with a link, and what to do. */
    private static final String ELSEWHERE = LINK + "; put what is behind it here, or configure that by itself";

    private final DatabaseGroup group;
    private final Predicate<Path> backedUp;
    private final Set<Path> seen = new HashSet<>();
    private int entries;

    /** Looks for files that are not {@code backedUp}, a question that is asked of real paths. */
    BehindLinks(DatabaseGroup group, Predicate<Path> backedUp) {
        this.group = group;
        this.backedUp = backedUp;
    }

    /** Returns why what is behind a link is not backed up, for a person; empty when there is nothing to say. */
    Optional<String> why(Path link) {
        try {
            boolean fits = fits(link);
            if (!Files.exists(link)) {
                // What was offloaded is a database, too.
                Path gone = link.resolveSibling(Files.readSymbolicLink(link)).normalize();
                return fits && !backedUp.test(gone) ? Optional.of(ELSEWHERE) : Optional.empty();
            }
            Path real = link.toRealPath();
            if (!Files.isDirectory(real)) {
                return fits && !backedUp.test(real) ? Optional.of(ELSEWHERE) : Optional.empty();
            }
            return group.folder().startsWith(real) || !seen.add(real) ? Optional.empty() : behind(link, real);
        } catch (IOException e) {
            return Optional.of(LINK + " that cannot be followed: " + ErrorText.of(e));
        }
    }

    private boolean fits(Path path) {
        return group.path().nameIn(group.folder().relativize(path).toString()).isPresent();
    }

    private Optional<String> behind(Path link, Path real) throws IOException {
        Walk walk = new Walk(link, real);
        Files.walkFileTree(real, walk);
        return walk.why;
    }

    private final class Walk extends SimpleFileVisitor<Path> {
        private final Path link;
        private final Path real;
        private Optional<String> why = Optional.empty();

        private Walk(Path link, Path real) {
            this.link = link;
            this.real = real;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return passedOver(folder) ? FileVisitResult.SKIP_SUBTREE : next();
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (FolderSweep.hidden(file)) {
                return next();
            }
            Path here = link.resolve(real.relativize(file));
            if (attributes.isSymbolicLink()) {
                why = BehindLinks.this.why(here).or(() -> why);
            } else if (attributes.isRegularFile() && fits(here) && !backedUp.test(file)) {
                why = Optional.of(ELSEWHERE);
                return FileVisitResult.TERMINATE;
            }
            return next();
        }

        @Override
        public FileVisitResult visitFileFailed(Path path, IOException e) {
            if (!(e instanceof NoSuchFileException) && !passedOver(path)) {
                why = Optional.of(LINK + ", and behind it " + real.relativize(path) + " cannot be looked into: "
                        + ErrorText.of(e));
            }
            return next();
        }

        @Override
        public FileVisitResult postVisitDirectory(Path folder, IOException e) {
            return e == null ? FileVisitResult.CONTINUE : visitFileFailed(folder, e);
        }

        private boolean passedOver(Path folder) {
            return !folder.equals(real) && (FolderSweep.nobodys(folder) || group.copies(real.relativize(folder)));
        }

        private FileVisitResult next() {
            if (++entries <= MOST) {
                return FileVisitResult.CONTINUE;
            }
            why = Optional.of(
                    LINK + " with too much behind it to look for databases; configure what is there by itself");
            return FileVisitResult.TERMINATE;
        }
    }
}
