package io.github.litestow.service;

import io.github.litestow.config.DatabaseGroup;
import io.github.litestow.control.DaemonThreads;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.run.Database;
import io.github.litestow.run.Databases;
import io.github.litestow.run.snapshot.SnapshotRequest;
import io.github.litestow.run.snapshot.Snapshots;
import io.github.litestow.shard.Shards;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Where several services share a group: leaves the databases that are here and belong to another one, and
 * finds those that others left for this one. What is here is uploaded, proven and deleted as any offloaded
 * database; until then it stays, and is backed up here. Safe for concurrent use.
 */
@ApplicationScoped
public class ShardMoves {
    private static final Logger LOG = Logger.getLogger(ShardMoves.class);
    private static final int BATCH = 50;

    private final Databases databases;
    private final Shards shards;
    private final Snapshots snapshots;
    private final Set<String> leaving = ConcurrentHashMap.newKeySet();
    /** By name, why a database that belongs elsewhere is still here; said once. */
    private final Map<String, String> staying = new ConcurrentHashMap<>();
    /** What was left and is not written down yet, by group; each list guarded by this. */
    private final Map<String, List<String>> unsaid = new ConcurrentHashMap<>();

    /** Wires it. */
    public ShardMoves(Databases databases, Shards shards, Snapshots snapshots) {
        this.databases = databases;
        this.shards = shards;
        this.snapshots = snapshots;
    }

    /**
     * Looks once what belongs where.
     *
     * @param runs for what moves data
     * @param arrived what to do with a database that belongs here and of which there is no file here
     */
    public void look(DatabaseGroup group, DaemonThreads runs, Consumer<Database> arrived) {
        if (shards.own().isEmpty()) {
            return;
        }
        try {
            shards.look(group);
            sayLeft(group, 1);
            arrivals(group, arrived);
        } catch (Failure e) {
            // Nothing moves on what is not known; the next look tries again.
            LOG.warnf("%s: not known what was moved: %s. %s", group.title(), e.getMessage(), e.hint());
            return;
        }
        for (Database database : databases.of(group)) {
            boolean elsewhere = !shards.ours(group, member(group, database));
            if (!elsewhere) {
                staying.remove(database.name());
            } else if (leaving.add(database.name())) {
                runs.execute(() -> leave(group, database));
            }
        }
    }

    private void arrivals(DatabaseGroup group, Consumer<Database> arrived) throws Failure {
        List<String> had = new ArrayList<>();
        for (String member : shards.expected(group)) {
            boolean known = databases.named(group.fullName(member)).isPresent();
            Database database = databases.add(group, member);
            boolean left = shards.left(group, member);
            // A list of the replicas may have shown it before this did, and no more than that is ready then.
            boolean absent = left && database.missing() && database.settings().restoreOnStart();
            if (database.ready() && !absent) {
                had.add(member);
            } else if (left || shards.atReplica(database)) {
                database.seenAtReplica();
                arrived.accept(database);
            } else if (!known) {
                // Moved here and never backed up where it is: it comes when it is left there.
                databases.forget(database);
            }
        }
        List<String> still =
                had.stream().filter(member -> shards.left(group, member)).toList();
        if (!still.isEmpty()) {
            shards.changed(group, List.of(), still);
        }
    }

    private void leave(DatabaseGroup group, Database database) {
        try {
            if (gone(group, database)) {
                database.lease().leave();
                databases.forget(database);
                staying.remove(database.name());
                LOG.infof(
                        "%s: left for shard %d, to which it belongs",
                        database.name(), shards.shardOf(group, member(group, database)));
                synchronized (this) {
                    unsaid.computeIfAbsent(group.name(), name -> new ArrayList<>())
                            .add(member(group, database));
                }
            }
        } catch (Failure e) {
            stays(group, database, e.getMessage());
        } finally {
            leaving.remove(database.name());
        }
        try {
            sayLeft(group, leaving.isEmpty() ? 1 : BATCH);
        } catch (Failure e) {
            LOG.debugf(e, "%s: others are told later what was left", group.title());
        }
    }

    /** Whether there is nothing of it here any more that the replica lacks. */
    private boolean gone(DatabaseGroup group, Database database) {
        if (database.currentRun().own().isPresent()) {
            return false;
        }
        if (database.missing()) {
            return database.journal().state().offloaded()
                    || database.journal().state().lineage().isEmpty();
        }
        Outcome outcome =
                snapshots.snapshot(database, SnapshotRequest.movingAway()).result();
        if (outcome.which() != Outcome.Case.OFFLOADED) {
            stays(group, database, outcome.toString());
            return false;
        }
        return database.missing();
    }

    private void stays(DatabaseGroup group, Database database, String why) {
        if (!why.equals(staying.put(database.name(), why))) {
            LOG.warnf(
                    "%s: belongs to shard %d and stays here until it can be left: %s",
                    database.name(), shards.shardOf(group, member(group, database)), why);
        }
    }

    private void sayLeft(DatabaseGroup group, int atLeast) throws Failure {
        List<String> left;
        synchronized (this) {
            List<String> waiting = unsaid.getOrDefault(group.name(), List.of());
            if (waiting.isEmpty() || waiting.size() < atLeast) {
                return;
            }
            left = List.copyOf(waiting);
        }
        shards.changed(group, left, List.of());
        synchronized (this) {
            unsaid.get(group.name()).removeAll(left);
        }
    }

    private static String member(DatabaseGroup group, Database database) {
        return group.memberOf(database.name()).orElseThrow();
    }
}
