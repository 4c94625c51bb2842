package io.github.litestow.settings;

import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Optional;

/**
 * Everything there is to know about one configured database, validated. Paths are absolute and
 * resolved once.
 *
 * @param name the database's name, {@code default} for the one of the environment
 * @param database the live database file
 * @param stateFolder {@code .NAME-litestow} beside it; survives the database
 * @param engineFolder {@code .NAME-litestream} beside it, the engine's own
 * @param replica where the replica lies
 * @param s3 credentials and endpoint, used when the replica is on S3
 * @param snapshot when and how to snapshot
 * @param retention what the replica keeps
 * @param restore what happens at start-up
 * @param verifyEvery how often a kept database is proven
 * @param leaseTime after which silence another service may take over, positive
 * @param health what counts as fresh
 */
public record DatabaseSettings(
        String name,
        Path database,
        Path stateFolder,
        Path engineFolder,
        ReplicaUrl replica,
        S3Settings s3,
        Snapshot snapshot,
        Retention retention,
        Restore restore,
        Duration verifyEvery,
        Duration leaseTime,
        Health health) {

    /**
     * When and how to snapshot.
     *
     * @param schedule empty when the cron is {@code off}
     * @param timeZone the zone of the cron, and of a local time in {@code restore --at}
     * @param timeout the deadline of a run, positive
     * @param sealTimeout how long a run waits for exclusive use of the database, positive
     * @param deleteLocal whether a proven database is deleted
     * @param shrinkLimit fraction of the last confirmed size below which a run is refused, 0 to 1
     * @param onShutdown whether the service takes a last snapshot when it stops
     * @param adopt whether a database without lineage may become the replica's head
     */
    public record Snapshot(
            Optional<Schedule> schedule,
            ZoneId timeZone,
            Duration timeout,
            Duration sealTimeout,
            boolean deleteLocal,
            double shrinkLimit,
            boolean onShutdown,
            boolean adopt) {

        /** As the whole, in the zone of the schedule, or UTC where there is none. */
        public Snapshot(
                Optional<Schedule> schedule,
                Duration timeout,
                Duration sealTimeout,
                boolean deleteLocal,
                double shrinkLimit,
                boolean onShutdown,
                boolean adopt) {
            this(
                    schedule,
                    schedule.map(Schedule::zone).orElse(ZoneId.of("UTC")),
                    timeout,
                    sealTimeout,
                    deleteLocal,
                    shrinkLimit,
                    onShutdown,
                    adopt);
        }
    }

    /** What the replica keeps: points younger than {@code keepFor}, at least {@code keepAtLeast}. */
    public record Retention(Duration keepFor, int keepAtLeast, Duration grace) {}

    /**
     * What happens at start-up.
     *
     * @param onStart whether a missing database is restored
     * @param required whether an empty replica is a failure
     * @param fallback whether a damaged newest point may be passed over
     * @param quarantine what is kept of replaced files
     */
    public record Restore(boolean onStart, boolean required, boolean fallback, Quarantine quarantine) {

        /** As above, with the default quarantine: thirty days, ten gibibytes. */
        public Restore(boolean onStart, boolean required, boolean fallback) {
            this(onStart, required, fallback, new Quarantine(Duration.ofDays(30), 10L << 30));
        }
    }

    /** What is kept of files that a restore moved out of its way, the newest always. */
    public record Quarantine(Duration keepFor, long keepBytes) {}

    /**
     * What counts as fresh.
     *
     * @param maxAge the age above which a backup is stale; empty when it follows from the schedule
     * @param readinessNeedsFresh whether a stale backup takes readiness down too
     */
    public record Health(Optional<Duration> maxAge, boolean readinessNeedsFresh) {}

    /**
     * Returns what hangs for all replicas behind it when it hangs for one: the S3 endpoint, or else the
     * scheme. To keep one such trouble from the work of others.
     */
    public String replicaHost() {
        return replica.scheme().equals("s3") ? s3.endpoint().orElse("s3") : replica.scheme();
    }

    /** Returns the file name of the database. */
    public String fileName() {
        return String.valueOf(database.getFileName());
    }

    /** Returns the file beside the database with this suffix, for example {@code -wal}. */
    public Path side(String suffix) {
        return database.resolveSibling(fileName() + suffix);
    }
}
