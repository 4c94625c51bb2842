package io.github.litestow.config;

import io.github.litestow.outcome.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Rules that hold between databases, and between a database and a replica on the same disk.
 *
 * <ul>
 *   <li>No two databases share a file or a replica URL, and no replica is in the part of another that the
 *       engine and Litestow sweep ({@code ltx}, {@code litestow}, {@code generations}).
 *   <li>A {@code file://} replica may be inside a database's folder, but is not that folder, does not hold
 *       it, and is not in {@code .NAME-litestow} or {@code .NAME-litestream}, which are deleted as a whole.
 *   <li>No database is in those two folders of another.
 * </ul>
 */
final class CrossDatabaseRules {
    private static final List<String> SWEPT = List.of("/ltx", "/litestow", "/generations");

    private CrossDatabaseRules() {}

    /**
     * A database with where its values were set.
     *
     * @param replicaFolder the real folder of a {@code file://} replica, which may have several names
     */
    record Placed(
            ConfiguredDatabase database,
            Optional<Path> replicaFolder,
            ConfiguredValue folder,
            ConfiguredValue file,
            ConfiguredValue replica) {

        private String name() {
            return database.name();
        }

        private Path path() {
            return database.database();
        }

        private String replicaPlace() {
            return replicaFolder.map(Path::toString).orElse(database.replica().url());
        }

        /** Returns whether a path is in one of the folders that are deleted as a whole. */
        private boolean sweeps(Path path) {
            return path.startsWith(database.stateFolder()) || path.startsWith(database.engineFolder());
        }
    }

    /** Returns one mistake for each pair of databases that breaks a rule. */
    static List<Failure> mistakes(List<Placed> databases) {
        List<Failure> mistakes = new ArrayList<>();
        for (Placed one : databases) {
            for (Placed other : databases) {
                boolean later = databases.indexOf(one) > databases.indexOf(other);
                Optional<Failure> shared = later ? shared(one, other) : Optional.empty();
                boolean same = one.database().name().equals(other.database().name());
                shared.or(() -> same ? Optional.empty() : sweptReplica(one, other))
                        .or(() -> replicaInTree(one, other))
                        .or(() -> databaseInTree(one, other))
                        .ifPresent(mistakes::add);
            }
        }
        return mistakes;
    }

    private static Optional<Failure> shared(Placed one, Placed other) {
        String pair = "databases " + other.name() + " and " + one.name();
        if (sameStore(one, other) && one.replicaPlace().equals(other.replicaPlace())) {
            return Optional.of(one.replica().refuse(pair + " have the same replica URL"));
        }
        try {
            boolean exist = Files.exists(one.path()) && Files.exists(other.path());
            return one.path().equals(other.path()) || (exist && Files.isSameFile(one.path(), other.path()))
                    ? Optional.of(one.file().refuse(pair + " are the same file"))
                    : Optional.empty();
        } catch (IOException unreadable) {
            return Optional.of(one.file().refuse("the file cannot be looked at", unreadable));
        }
    }

    private static Optional<Failure> sweptReplica(Placed one, Placed other) {
        String inner = one.replicaPlace() + "/";
        boolean swept = SWEPT.stream().anyMatch(part -> inner.startsWith(other.replicaPlace() + part + "/"));
        return swept && sameStore(one, other)
                ? Optional.of(one.replica().refuse("the replica is inside that of database " + other.name()))
                : Optional.empty();
    }

    /** The same bucket name behind two endpoints is two buckets. */
    private static boolean sameStore(Placed one, Placed other) {
        return one.replicaFolder().isPresent()
                || one.database().s3().endpoint().equals(other.database().s3().endpoint());
    }

    private static Optional<Failure> replicaInTree(Placed one, Placed other) {
        return one.replicaFolder().flatMap(replica -> {
            if (other.path().startsWith(replica)) {
                return Optional.of(
                        one.replica().refuse("the replica is, or holds, the folder of database " + other.name()));
            }
            return other.sweeps(replica) || replica.startsWith(other.path())
                    ? Optional.of(one.replica()
                            .refuse("the replica is in the state of database " + other.name() + ", which is swept up"))
                    : Optional.empty();
        });
    }

    private static Optional<Failure> databaseInTree(Placed one, Placed other) {
        return other.sweeps(one.path())
                ? Optional.of(one.folder()
                        .refuse("the folder is in the state of database " + other.name() + ", which is swept up"))
                : Optional.empty();
    }
}
