package io.github.litestow.config;

import io.github.litestow.LitestowConfig;
import io.github.litestow.config.CrossDatabaseRules.Placed;
import io.github.litestow.outcome.Failure;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Rules for groups of databases: no file and no replica can be of two of them, nor of a group and of a
 * database that is configured by itself, whatever names will turn up. They refuse too much rather than too
 * little, because names are not known when they judge.
 *
 * <ul>
 *   <li>{@code {name}} is in the path and in the replica URL, or in neither.
 *   <li>All that is below the place of a group's replicas is that group's.
 *   <li>No file that a group's path fits is another's.
 *   <li>No database of anybody is below the place of a group's {@code file://} replicas.
 * </ul>
 */
final class GroupRules {
    private GroupRules() {}

    /** Refuses a name in one of path and URL only. */
    static void refuseHalfNamed(LitestowConfig.Database settings, ConfiguredValue file, ConfiguredValue replica)
            throws Failure {
        boolean inPath = NamePattern.in(settings.path());
        boolean inUrl = NamePattern.in(settings.replicaUrl().url());
        if (inPath && !inUrl) {
            throw replica.refuse("{name} is in the path " + settings.path() + " and not in the URL, so that all its"
                    + " databases would have one replica");
        }
        if (inUrl && !inPath) {
            throw file.refuse("{name} is in the replica URL and not in the path " + settings.path());
        }
    }

    /** Returns one mistake for each pair that breaks a rule. */
    static List<Failure> mistakes(List<Placed> all) {
        List<Failure> mistakes = new ArrayList<>();
        for (Placed group : all) {
            for (Placed other : all) {
                boolean same = group.database().name().equals(other.database().name());
                group.database()
                        .group()
                        .flatMap(settings -> mistake(group, settings, other, same))
                        .ifPresent(mistakes::add);
            }
        }
        return mistakes;
    }

    private static Optional<Failure> mistake(Placed group, DatabaseGroup settings, Placed other, boolean same) {
        String others = same ? "its own" : other.database().name() + "'s";
        Path root = group.replicaFolder().map(folder -> root(folder, settings)).orElse(null);
        if (root != null && group.replicaFolder().isPresent() && folder(other).startsWith(root)) {
            return Optional.of(group.replica()
                    .refuse("the place of the group's replicas is, or holds, the folder of " + others + " files"));
        }
        if (same) {
            return Optional.empty();
        }
        if (sameStore(group, other) && below(place(group), place(other))) {
            return Optional.of(other.replica()
                    .refuse("the replica is at or below the place of the replicas of group "
                            + group.database().name()));
        }
        return fits(settings, other)
                ? Optional.of(other.file()
                        .refuse("the path is one that a database of group "
                                + group.database().name() + " can have"))
                : Optional.empty();
    }

    /** Returns the folder that all replicas of a group are below. */
    private static Path root(Path replica, DatabaseGroup group) {
        Path root = replica;
        long parts = group.url().after().chars().filter(one -> one == '/').count() + 1;
        for (long part = 0; part < parts; part++) {
            root = root.getParent();
        }
        return root;
    }

    private static Path folder(Placed placed) {
        return placed.database()
                .group()
                .map(DatabaseGroup::folder)
                .orElseGet(() -> placed.database().database().getParent());
    }

    /** Returns where a replica, or all those of a group, are. */
    private static String place(Placed placed) {
        return placed.database()
                .group()
                .map(group -> placed.replicaFolder()
                        .map(folder -> root(folder, group).toString())
                        .orElseGet(() -> group.replicaRoot().url()))
                .orElseGet(() -> placed.replicaFolder()
                        .map(Path::toString)
                        .orElse(placed.database().replica().url()));
    }

    private static boolean below(String root, String place) {
        return (place + "/").startsWith(root.endsWith("/") ? root : root + "/");
    }

    private static boolean sameStore(Placed one, Placed other) {
        return one.replicaFolder().isPresent() == other.replicaFolder().isPresent()
                && (one.replicaFolder().isPresent()
                        || one.database()
                                .s3()
                                .endpoint()
                                .equals(other.database().s3().endpoint()));
    }

    /** Returns whether some name makes a path of the group one of the other's. */
    private static boolean fits(DatabaseGroup group, Placed other) {
        if (other.database().group().isEmpty()) {
            Path path = other.database().database();
            return path.startsWith(group.folder())
                    && group.nameOf(group.folder().relativize(path)).isPresent();
        }
        DatabaseGroup second = other.database().group().get();
        String one = group.folder() + "/" + group.path().before();
        String two = second.folder() + "/" + second.path().before();
        boolean ends = group.path().after().endsWith(second.path().after())
                || second.path().after().endsWith(group.path().after());
        return ends && (one.startsWith(two) || two.startsWith(one));
    }
}
