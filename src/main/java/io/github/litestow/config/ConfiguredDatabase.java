package io.github.litestow.config;

import io.github.litestow.HealthConfig;
import io.github.litestow.LitestowConfig;
import io.github.litestow.QuarantineConfig;
import io.github.litestow.RestoreConfig;
import io.github.litestow.TellingConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * One configured database, validated. Immutable; paths are absolute and resolved once.
 *
 * @param name the database's name, {@code default} for the one of the top level
 * @param database the live database file
 * @param replica where the replica is
 * @param s3 credentials and endpoint, used when the replica is on S3
 * @param settings everything else
 * @param group the group that it is of; empty for one that is configured by itself
 */
public record ConfiguredDatabase(
        String name,
        Path database,
        ReplicaUrl replica,
        S3Settings s3,
        LitestowConfig.Database settings,
        Optional<DatabaseGroup> group) {
    private static final Duration VERIFY_OFFLOADED_EVERY = Duration.ofDays(7);

    /** A database that is configured by itself. */
    public ConfiguredDatabase(
            String name, Path database, ReplicaUrl replica, S3Settings s3, LitestowConfig.Database settings) {
        this(name, database, replica, s3, settings, Optional.empty());
    }

    /** Returns the file name of the database. */
    public String fileName() {
        return String.valueOf(database.getFileName());
    }

    /** Returns the file beside the database with this suffix, for example {@code -wal}. */
    public Path side(String suffix) {
        return database.resolveSibling(fileName() + suffix);
    }

    /** Returns {@code .NAME-litestow} beside the database; it survives the database. */
    public Path stateFolder() {
        return database.resolveSibling("." + fileName() + "-litestow");
    }

    /** Returns {@code .NAME-litestream} beside the database, the engine's own. */
    public Path engineFolder() {
        return database.resolveSibling("." + fileName() + "-litestream");
    }

    /** Returns when to snapshot; empty when the cron is {@code off}. */
    public Optional<Schedule> schedule() {
        return snapshot().cron().map(cron -> new Schedule(cron, snapshot().timeZone()));
    }

    /** Returns when and how to snapshot. */
    public LitestowConfig.Snapshot snapshot() {
        return settings.snapshot();
    }

    /** Returns what the replica keeps. */
    public LitestowConfig.Retention retention() {
        return settings.retention();
    }

    /** Returns what happens at start-up. */
    public RestoreConfig restore() {
        return settings.restore();
    }

    /** Returns what is kept of replaced files. */
    public QuarantineConfig quarantine() {
        return settings.quarantine();
    }

    /** Returns how often a database that is here is proven. */
    public Duration verifyEvery() {
        return settings.verifyEvery();
    }

    /** Returns whether the service restores it at its start when it is missing. */
    public boolean restoreOnStart() {
        // Thousands that were offloaded were so to save their room.
        return restore().onStart().orElse(group.isEmpty() || !snapshot().deleteLocal());
    }

    /** Returns how often a database that is offloaded is proven again; empty means never. */
    public Optional<Duration> verifyOffloadedEvery() {
        return settings.verifyOffloadedEvery()
                .or(() -> group.isEmpty() ? Optional.of(VERIFY_OFFLOADED_EVERY) : Optional.empty())
                .filter(every -> !every.isZero());
    }

    /** Returns after which silence another service may take over. */
    public Duration leaseTime() {
        return settings.leaseTime();
    }

    /** Returns what counts as fresh. */
    public HealthConfig health() {
        return settings.health();
    }

    /** Returns who misses the runs of this database, if anybody does. */
    public Optional<Secret> heartbeat() {
        return settings.heartbeat().url().or(settings.heartbeat()::urlFile);
    }

    /** Returns the commands around its runs. */
    public TellingConfig.Hook hook() {
        return settings.hook();
    }

    /**
     * Returns what hangs for all replicas behind it when it hangs for one: the S3 endpoint, or else the
     * scheme. To keep one such trouble from the work of others.
     */
    public String replicaHost() {
        return replica.scheme().equals("s3") ? s3.endpoint().orElse("s3") : replica.scheme();
    }
}
