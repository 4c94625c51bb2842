package io.github.litestow.service;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.config.ConfiguredService;
import io.github.litestow.config.DatabaseGroup;
import io.github.litestow.control.DaemonThreads;
import io.github.litestow.control.ThreadLanes;
import io.github.litestow.discovery.Discovery;
import io.github.litestow.outcome.Failure;
import io.github.litestow.run.Database;
import io.github.litestow.run.Databases;
import io.github.litestow.run.LaunchMode;
import io.github.litestow.run.restore.Restores;
import io.github.litestow.shard.Shards;
import io.github.litestow.sqlite.StateFolder;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * The start of the groups: the lock of each, what is in its folder, what is at its replicas, then restores
 * where they are wanted, and cron. Afterwards the folder is looked through again and again. A group that has
 * to wait delays no other, and databases that are there wait for no replica.
 */
@ApplicationScoped
public class GroupStart {
    private static final Logger LOG = Logger.getLogger(GroupStart.class);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration MAX_PAUSE = Duration.ofMinutes(1);
    /** What others put at the replicas is learnt so often. */
    private static final Duration LIST_EVERY = Duration.ofHours(1);

    private final ConfiguredService settings;
    private final Databases databases;
    private final Discovery discovery;
    private final Restores restores;
    private final SnapshotScheduler cron;
    private final Shards shards;
    private final ShardMoves moves;
    private final LaunchMode launchMode;
    private final DaemonThreads looks = new DaemonThreads("discovery", 2);

    /** Wires it. */
    public GroupStart(
            ConfiguredService settings,
            Databases databases,
            Discovery discovery,
            Restores restores,
            SnapshotScheduler cron,
            Shards shards,
            ShardMoves moves,
            LaunchMode launchMode) {
        this.settings = settings;
        this.databases = databases;
        this.discovery = discovery;
        this.restores = restores;
        this.cron = cron;
        this.shards = shards;
        this.moves = moves;
        this.launchMode = launchMode;
    }

    /** Begins with every group. */
    void begin(ThreadLanes steps, ThreadLanes runs) {
        for (DatabaseGroup group : settings.groups()) {
            looks.execute(new Beginning(group, steps, runs)::lock);
        }
    }

    /** Looks no more. */
    void stop() {
        looks.close();
    }

    /** The start of one group; its steps follow each other, so what it holds is never used by two threads at once. */
    private final class Beginning {
        private final DatabaseGroup group;
        private final ConfiguredDatabase any;
        private final ThreadLanes steps;
        private final ThreadLanes runs;
        /** What is being restored, which nobody may begin a second time. */
        private final Set<Database> starting = ConcurrentHashMap.newKeySet();

        /** What the replicas' listing showed last. */
        private List<Database> listed = List.of();

        private final RepeatedTrouble trouble = new RepeatedTrouble(FIRST_PAUSE, MAX_PAUSE);

        Beginning(DatabaseGroup group, ThreadLanes steps, ThreadLanes runs) {
            this.group = group;
            this.any = group.database("any");
            this.steps = steps;
            this.runs = runs;
        }

        private interface Step {
            void take() throws Failure;
        }

        /** Goes on to the next step, or tries again, with longer and longer pauses. */
        private void attempt(Step step, Runnable again, Runnable next) {
            boolean done = false;
            try {
                step.take();
                trouble.over();
                done = true;
            } catch (Failure e) {
                if (trouble.changed(e)) {
                    String then = looks.closed() ? "" : " Tried again until it works.";
                    LOG.errorf("%s: %s. %s%s", group.title(), e.getMessage(), e.hint(), then);
                }
            } catch (RuntimeException e) {
                LOG.errorf(e, "%s: defect in the start", group.title());
            }
            if (done) {
                looks.execute(next);
            } else {
                looks.after(trouble.pause(), again);
            }
        }

        void lock() {
            attempt(
                    () -> {
                        StateFolder.ensure(group);
                        // For as long as this process lives.
                        databases.lock(group).take(launchMode.describe());
                    },
                    this::lock,
                    this::look);
        }

        void look() {
            attempt(
                    () -> {
                        Collection<Database> here = discovery.folder(group);
                        here.forEach(Database::markReady);
                        LOG.infof("%s: %d in %s", group.title(), here.size(), group.folder());
                    },
                    this::look,
                    this::cron);
        }

        /** What is here is protected, whatever the replicas say. */
        void cron() {
            cron.schedule(group);
            looks.every(settings.discoveryEvery(), () -> cron.look(group));
            replicas();
        }

        void replicas() {
            attempt(
                    () -> {
                        shards.look(group);
                        listed = discovery.replicas(group);
                    },
                    this::replicas,
                    this::missing);
        }

        private void missing() {
            if (any.restoreOnStart()) {
                restore();
            } else {
                discovery.retireMissing(group);
                databases.of(group).forEach(Database::markReady);
            }
            databases.begun(group);
            databases.of(group).stream()
                    .findFirst()
                    .ifPresent(one -> runs.at(any.replicaHost()).execute(() -> {
                        one.lookAtLock();
                        one.testConditionalWrites();
                    }));
            cron.makeUp(group);
            cron.lookFor(group, discovery.without(group, listed));
            looks.every(LIST_EVERY, this::listAgain);
            looks.execute(this::moves);
            looks.every(settings.discoveryEvery(), this::moves);
        }

        private void moves() {
            moves.look(group, runs.at(any.replicaHost()), this::arrived);
        }

        /** Left for this service by another one, or moved to it. */
        private void arrived(Database database) {
            if (!any.restoreOnStart()) {
                database.markReady();
            } else if (starting.add(database)) {
                start(database);
            }
        }

        private void restore() {
            List<Database> missing = databases.of(group).stream()
                    .filter(database -> !database.ready())
                    .toList();
            List<Database> wanted = missing.stream().filter(this::wanted).toList();
            wanted.forEach(Database::markRestoring);
            missing.stream().filter(database -> !database.restoring()).forEach(Database::markReady);
            if (!wanted.isEmpty()) {
                LOG.infof("%s: %d are missing and restored", group.title(), wanted.size());
            }
            wanted.stream().filter(starting::add).forEach(this::start);
        }

        private void start(Database database) {
            new DatabaseStart(
                            database,
                            restores,
                            cron,
                            launchMode.describe(),
                            steps.at(any.replicaHost()),
                            runs.at(any.replicaHost()))
                    .begin();
        }

        /** What an application deleted stays deleted. */
        private boolean wanted(Database database) {
            return database.missing() && database.journal().state().retired().isEmpty();
        }

        private void listAgain() {
            try {
                List<Database> now = discovery.replicas(group);
                now.forEach(Database::markReady);
                cron.lookFor(group, discovery.without(group, now));
            } catch (Failure e) {
                LOG.warnf("%s: the replicas cannot be listed: %s. %s", group.title(), e.getMessage(), e.hint());
            }
        }
    }
}
