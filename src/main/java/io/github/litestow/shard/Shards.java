package io.github.litestow.shard;

import io.github.litestow.config.ConfiguredService;
import io.github.litestow.config.DatabaseGroup;
import io.github.litestow.config.Shard;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.run.Database;
import io.github.litestow.run.Databases;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which databases of the groups belong to this service. Where it has no shard, all of them. What was moved
 * is known as far as the last {@link #look} showed it. Safe for concurrent use.
 */
@ApplicationScoped
public class Shards {
    private final ConfiguredService settings;
    private final Databases databases;
    private final Map<String, ShardMap> maps = new ConcurrentHashMap<>();
    private final Map<String, ShardMap.Document> seen = new ConcurrentHashMap<>();

    /** Wires it. */
    public Shards(ConfiguredService settings, Databases databases) {
        this.settings = settings;
        this.databases = databases;
    }

    /** Returns this service's part; empty when it has all. */
    public Optional<Shard> own() {
        return settings.shard();
    }

    /**
     * Asks the place of a group's replicas what was moved.
     *
     * @throws Failure when it cannot be read; what was known stays
     */
    public void look(DatabaseGroup group) throws Failure {
        if (own().isPresent()) {
            seen.put(group.name(), map(group).read());
        }
    }

    /** Returns whether a database belongs to this service, as far as is known. */
    public boolean ours(DatabaseGroup group, String member) {
        return own().isEmpty() || shardOf(group, member) == own().get().index();
    }

    /** Returns the number of the shard that a database belongs to; 0 without shards. */
    public int shardOf(DatabaseGroup group, String member) {
        return own().map(shard -> document(group).shardOf(member, shard)).orElse(0);
    }

    /** Returns the databases that others left for this service or that were moved to it, in name order. */
    public Collection<String> expected(DatabaseGroup group) {
        Set<String> members = new TreeSet<>(document(group).pins().keySet());
        members.addAll(document(group).left().keySet());
        members.removeIf(member -> own().isEmpty() || !ours(group, member));
        return members;
    }

    /**
     * Returns whether there is anything of a database to be brought back.
     *
     * @throws Failure when its replica cannot be listed
     */
    public boolean atReplica(Database database) throws Failure {
        return !database.replica().files().isEmpty();
    }

    /**
     * Says for others that this service has left databases, and that it has those that were left for it.
     *
     * @throws Failure when that cannot be written
     */
    public void changed(DatabaseGroup group, Collection<String> left, Collection<String> had) throws Failure {
        Map<String, Integer> anew = new HashMap<>();
        left.forEach(member -> anew.put(member, shardOf(group, member)));
        seen.put(group.name(), map(group).change(before -> before.left(anew, had)));
    }

    /** Returns whether it is written down that a database was left by another service, and not that one has it. */
    public boolean left(DatabaseGroup group, String member) {
        return document(group).left().containsKey(member);
    }

    /**
     * Moves a database: whichever service has it finds that out within {@code discovery.every}, and leaves
     * it once it is proven.
     *
     * @param shard its number; that of the hash takes an earlier move back
     * @throws Failure {@code SETTINGS} when there is no such shard or no shards at all; or when it cannot be
     *     written
     */
    public void move(DatabaseGroup group, String member, int shard) throws Failure {
        Shard all = own().orElseThrow(() -> new Failure(
                FailureKind.SETTINGS,
                "no shards are configured",
                "Set LITESTOW_SHARD as the services have it, for example 0/8."));
        if (shard < 0 || shard >= all.count()) {
            throw new Failure(
                    FailureKind.SETTINGS,
                    "there is no shard " + shard + " of " + all.count(),
                    "They are counted from 0 to " + (all.count() - 1) + ".");
        }
        seen.put(
                group.name(),
                map(group)
                        .change(before ->
                                all.of(member) == shard ? before.unpinned(member) : before.pinned(member, shard)));
    }

    private ShardMap.Document document(DatabaseGroup group) {
        return seen.getOrDefault(group.name(), ShardMap.Document.NOTHING);
    }

    private ShardMap map(DatabaseGroup group) throws Failure {
        ShardMap known = maps.get(group.name());
        if (known == null) {
            // Two that are made at once are as good as one.
            known = new ShardMap(databases.place(group));
            maps.put(group.name(), known);
        }
        return known;
    }
}
