package io.github.litestow.discovery;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.config.ConfiguredService;
import io.github.litestow.config.DatabaseGroup;
import io.github.litestow.outcome.Failure;
import io.github.litestow.run.Database;
import io.github.litestow.run.Databases;
import io.github.litestow.run.LaunchMode;
import io.github.litestow.shard.Shards;
import io.github.litestow.store.GroupReplicas;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Which databases the groups have: what is found is known from then on, what is gone is retired. Safe for
 * concurrent use.
 */
@ApplicationScoped
public class Discovery {
    private static final Logger LOG = Logger.getLogger(Discovery.class);

    /** Above so many, what a look and a start take was not measured ({@code docs/scale.md}). */
    private static final int MANY = 10_000;

    private final ConfiguredService settings;
    private final Databases databases;
    private final Shards shards;
    private final Retirement retirement;
    private final Map<String, Seen> seen = new ConcurrentHashMap<>();

    /** Wires it. */
    public Discovery(
            ConfiguredService settings, Databases databases, Shards shards, LaunchMode launchMode, Clock clock) {
        this.settings = settings;
        this.databases = databases;
        this.shards = shards;
        this.retirement = new Retirement(launchMode, clock);
    }

    /** What earlier looks at a group found; guarded by itself. */
    private static final class Seen {
        private Set<String> files = Set.of();
        private final Set<String> told = new HashSet<>();
        private boolean many;
    }

    /**
     * Looks through the folder of a group.
     *
     * @return the databases whose files were not there at the look before, in name order
     * @throws Failure {@code DISK} when the folder cannot be looked through; then nothing counts as gone
     */
    public List<Database> folder(DatabaseGroup group) throws Failure {
        Seen before = seen.computeIfAbsent(group.name(), name -> new Seen());
        synchronized (before) {
            FolderSweep.Found found = FolderSweep.of(group, this::backedUp);
            tell(group, before, found);
            databases.unprotected(group, found.unprotected());
            List<Database> fresh = new ArrayList<>();
            for (String member : found.files()) {
                Database database = databases.add(group, member);
                retirement.isHere(database);
                if (!before.files.contains(member)) {
                    fresh.add(database);
                }
            }
            // What left for another shard has a record here and belongs there.
            found.records().stream()
                    .filter(member -> shards.ours(group, member))
                    .forEach(member -> databases.add(group, member));
            Set<String> files = new HashSet<>(found.files());
            before.files.stream()
                    .filter(member -> !found.files().contains(member))
                    .filter(member -> shards.ours(group, member))
                    .filter(member -> laterGone(databases.add(group, member)))
                    .forEach(files::add);
            before.files = files;
            return fresh;
        }
    }

    /** Returns whether a real path is that of a database, by itself or of any group. */
    private boolean backedUp(Path file) {
        return settings.databases().stream().anyMatch(one -> one.database().equals(file))
                || settings.groups().stream()
                        .anyMatch(group -> file.startsWith(group.folder())
                                && group.nameOf(group.folder().relativize(file)).isPresent());
    }

    /** Returns whether the next look has to judge once more. */
    private boolean laterGone(Database database) {
        Retirement.Verdict verdict = retirement.isGone(database);
        if (verdict == Retirement.Verdict.NEVER_BACKED_UP) {
            databases.forget(database);
        }
        return verdict == Retirement.Verdict.LATER;
    }

    /** Retires what has no file although this machine's record says that there was one. */
    public void retireMissing(DatabaseGroup group) {
        databases.of(group).stream()
                .filter(database -> database.journal().state().lineage().isPresent())
                .forEach(retirement::isGone);
    }

    private static void tell(DatabaseGroup group, Seen before, FolderSweep.Found found) {
        int files = found.files().size();
        if (files > MANY && !before.many) {
            before.many = true;
            LOG.warnf(
                    "%s: %d databases; up to %d are what one service was measured with. Share them among several"
                            + " (LITESTOW_SHARD), or give this one more memory and look less often"
                            + " (LITESTOW_DISCOVERY_EVERY)",
                    group.title(), files, MANY);
        }
        for (String unprotected : found.unprotected()) {
            if (before.told.add(unprotected)) {
                LOG.warnf("%s: not backed up: %s", group.title(), unprotected);
            }
        }
    }

    /**
     * Lists the replicas of a group.
     *
     * @return the databases that have one, in name order
     * @throws Failure when they cannot be listed
     */
    public List<Database> replicas(DatabaseGroup group) throws Failure {
        return GroupReplicas.names(group).stream()
                .filter(member -> shards.ours(group, member))
                .sorted()
                .map(member -> {
                    Database database = databases.add(group, member);
                    database.seenAtReplica();
                    return database;
                })
                .toList();
    }

    /**
     * Returns the offloaded databases of which a listing showed no replica: nothing is anywhere of them.
     *
     * @param atReplicas what {@link #replicas} returned
     */
    public List<Database> without(DatabaseGroup group, Collection<Database> atReplicas) {
        Set<String> there = atReplicas.stream().map(Database::name).collect(Collectors.toSet());
        return databases.of(group).stream()
                .filter(database -> database.journal().state().offloaded() && database.missing())
                .filter(database -> !there.contains(database.name()))
                .filter(database -> group.memberOf(database.name())
                        .filter(member -> shards.ours(group, member))
                        .isPresent())
                .toList();
    }

    /** Looks for the databases of every group, in the folders and, if asked to, at the replicas. */
    public void everywhere(boolean replicas) throws Failure {
        for (DatabaseGroup group : settings.groups()) {
            folder(group);
            if (replicas) {
                replicas(group);
            }
        }
    }

    /**
     * Returns the database of this name: a known one, or one of a group of which there is a file or a record
     * here, or a replica.
     *
     * @throws Failure when the replica cannot be asked
     */
    public Optional<Database> named(String name) throws Failure {
        Optional<Database> known = databases.named(name);
        for (DatabaseGroup group : settings.groups()) {
            Optional<String> member = group.memberOf(name);
            if (known.isEmpty() && member.isPresent()) {
                known = found(group, member.get());
            }
        }
        return known;
    }

    private Optional<Database> found(DatabaseGroup group, String member) throws Failure {
        ConfiguredDatabase settings = group.database(member);
        if (Files.isRegularFile(settings.database(), LinkOption.NOFOLLOW_LINKS)
                || Files.isDirectory(settings.stateFolder(), LinkOption.NOFOLLOW_LINKS)) {
            return Optional.of(databases.add(group, member));
        }
        Database candidate = databases.add(group, member);
        boolean there = false;
        try {
            there = !candidate.replica().files().isEmpty()
                    || candidate.replica().id().isPresent()
                    || candidate.replica().onlyOldFormat();
        } finally {
            if (!there) {
                databases.forget(candidate);
            }
        }
        if (there) {
            candidate.seenAtReplica();
        }
        return Optional.of(candidate).filter(Database::atReplica);
    }
}
