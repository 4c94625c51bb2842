package io.github.litestow.settings;

import io.github.litestow.outcome.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Rules that hold between databases, and between a database and a replica on the same disk.
 *
 * <ul>
 *   <li>No two databases share a file or a replica URL, and no replica lies in the part of another
 *       that the engine and Litestow sweep ({@code ltx}, {@code litestow}, {@code generations}).
 *   <li>A {@code file://} replica may lie inside a database's folder, but is not that folder, does
 *       not hold it, and does not lie in {@code .NAME-litestow} or {@code .NAME-litestream}, which
 *       are deleted as a whole.
 *   <li>No database lies in those two folders of another.
 * </ul>
 */
final class Together {
    private static final List<String> SWEPT = List.of("/ltx", "/litestow", "/generations");

    private Together() {}

    /** A database with where its values were set. */
    record Placed(DatabaseSettings settings, DatabaseReader.Draft draft) {}

    static void check(List<Placed> databases) throws Failure {
        for (int i = 0; i < databases.size(); i++) {
            Placed one = databases.get(i);
            for (int j = 0; j < databases.size(); j++) {
                Placed other = databases.get(j);
                if (i > j) {
                    refuseSameReplica(one, other);
                    refuseSameFile(one, other);
                }
                if (i != j) {
                    refuseSweptReplica(one, other);
                }
                refuseReplicaInTree(one, other);
                refuseDatabaseInTree(one, other);
            }
        }
    }

    private static void refuseSameReplica(Placed one, Placed other) throws Failure {
        Optional<Path> folder = folder(one);
        boolean same = folder.isPresent()
                ? folder.equals(folder(other))
                : sameStore(one, other)
                        && one.settings().replica().equals(other.settings().replica());
        if (same) {
            throw one.draft().replica().refuse(pair(one, other) + " have the same replica URL");
        }
    }

    private static void refuseSweptReplica(Placed one, Placed other) throws Failure {
        // A folder may have several names; its real one decides.
        String inner = place(one) + "/";
        String outer = place(other);
        if (sameStore(one, other) && SWEPT.stream().anyMatch(part -> inner.startsWith(outer + part + "/"))) {
            throw one.draft().replica().refuse("the replica lies inside that of database " + name(other));
        }
    }

    private static String place(Placed placed) throws Failure {
        return folder(placed)
                .map(Path::toString)
                .orElse(placed.settings().replica().url());
    }

    /** The same bucket name behind two endpoints is two buckets. */
    private static boolean sameStore(Placed one, Placed other) {
        boolean folders = one.settings().replica().folder().isPresent();
        return folders
                || one.settings().s3().endpoint().equals(other.settings().s3().endpoint());
    }

    private static void refuseSameFile(Placed one, Placed other) throws Failure {
        Path file = one.settings().database();
        Path second = other.settings().database();
        if (file.equals(second) || hardLinked(one, file, second)) {
            throw one.draft().file().refuse(pair(one, other) + " are the same file");
        }
    }

    private static boolean hardLinked(Placed one, Path file, Path second) throws Failure {
        try {
            return Files.exists(file) && Files.exists(second) && Files.isSameFile(file, second);
        } catch (IOException unreadable) {
            throw one.draft().file().refuse("the file cannot be looked at", unreadable);
        }
    }

    private static void refuseReplicaInTree(Placed one, Placed other) throws Failure {
        Optional<Path> replica = folder(one);
        if (replica.isEmpty()) {
            return;
        }
        DatabaseSettings database = other.settings();
        if (database.database().startsWith(replica.get())) {
            throw one.draft().replica().refuse("the replica is, or holds, the folder of database " + name(other));
        }
        if (replica.get().startsWith(database.stateFolder())
                || replica.get().startsWith(database.engineFolder())
                || replica.get().startsWith(database.database())) {
            throw one.draft()
                    .replica()
                    .refuse("the replica lies in the state of database " + name(other) + ", which is swept up");
        }
    }

    private static void refuseDatabaseInTree(Placed one, Placed other) throws Failure {
        Path file = one.settings().database();
        if (file.startsWith(other.settings().stateFolder())
                || file.startsWith(other.settings().engineFolder())) {
            throw one.draft()
                    .folder()
                    .refuse("the folder lies in the state of database " + name(other) + ", which is swept up");
        }
    }

    private static Optional<Path> folder(Placed placed) throws Failure {
        Optional<Path> folder = placed.settings().replica().folder();
        return folder.isPresent()
                ? Optional.of(LocalFiles.resolved(placed.draft().replica(), folder.get()))
                : Optional.empty();
    }

    private static String pair(Placed one, Placed other) {
        return "databases " + name(other) + " and " + name(one);
    }

    private static String name(Placed placed) {
        return placed.settings().name();
    }
}
