package io.github.litestow.store;

import io.github.litestow.config.DatabaseGroup;
import io.github.litestow.outcome.Failure;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The replicas of a group, by their names at the place where they are. */
public final class GroupReplicas {
    private GroupReplicas() {}

    /**
     * Lists which databases of a group there are replicas of, or the beginning of one. What is there and is not
     * a database's, Litestow's own among it, is passed over.
     *
     * @return their names within the group
     * @throws Failure when the place cannot be listed
     */
    public static Set<String> names(DatabaseGroup group) throws Failure {
        return StorageSchemes.scheme(group.scheme()).below(group.replicaRoot(), group.s3()).stream()
                .map(group::nameOfReplica)
                .flatMap(Optional::stream)
                .collect(Collectors.toSet());
    }
}
