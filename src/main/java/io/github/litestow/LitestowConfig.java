package io.github.litestow;

import io.github.litestow.config.ObjectLock;
import io.github.litestow.config.PathRules;
import io.github.litestow.config.ReplicaUrl;
import io.github.litestow.config.Rules;
import io.github.litestow.config.S3Rules;
import io.github.litestow.config.Secret;
import io.github.litestow.config.SecretRules;
import io.github.litestow.config.Shard;
import io.github.litestow.config.ShardRules;
import io.github.litestow.config.UrlRules;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Optional;

/**
 * The settings: here those of the service, in {@link Database} those of each database. A new setting is
 * one method here and one row of {@code docs/reference/settings.md}.
 *
 * <p>{@link io.github.litestow.config.ConfigReader} maps both, so that every mistake is told at once. Inject
 * {@link io.github.litestow.config.ConfiguredService}, never this interface: Quarkus would map it while it
 * builds its configuration, and end at the first kind of mistake.
 */
@ConfigMapping(prefix = "litestow")
public interface LitestowConfig {
    /** Returns the engine's binary; empty means the one on {@code PATH}, then the build's copy. */
    @WithName("litestream.binary")
    @WithConverter(PathRules.Binary.class)
    Optional<Path> litestreamBinary();

    /** Returns how long a stop may take. */
    @WithName("shutdown.grace")
    @WithDefault("PT25S")
    @WithConverter(Rules.Positive.class)
    Duration shutdownGrace();

    /** Returns what HTTP actions need; without it they are off. */
    @WithName("api.token")
    @WithConverter(SecretRules.ApiToken.class)
    Optional<Secret> apiToken();

    /** Returns the content of the file that holds the token. */
    @WithName("api.token-file")
    @WithConverter(SecretRules.ApiTokenFile.class)
    Optional<Secret> apiTokenFile();

    /** Returns how many engine processes that move data run at once; empty means the number of processors. */
    @WithConverter(Rules.AtLeastOne.class)
    Optional<Integer> concurrency();

    /** Returns who is told of what happens. */
    @WithName("notify")
    TellingConfig.Notify telling();

    /** Returns where people reach the service; links in messages begin with it. */
    @WithConverter(UrlRules.Endpoint.class)
    Optional<String> publicUrl();

    /** Returns how often the folders of groups are looked through for new databases. */
    @WithName("discovery.every")
    @WithDefault("PT1M")
    @WithConverter(Rules.Positive.class)
    Duration discoveryEvery();

    /** Returns above how many databases only the worst have series of their own. */
    @WithName("metrics.per-database")
    @WithDefault("100")
    @WithConverter(Rules.Count.class)
    int metricsPerDatabase();

    /** Returns whether people are shown a page at {@code /}. */
    @WithDefault("true")
    @WithConverter(Rules.StrictBoolean.class)
    boolean page();

    /** Returns which part of the databases of groups this service has; empty means all of them. */
    @WithConverter(ShardRules.Rule.class)
    Optional<Shard> shard();

    /** The settings of one database. Named ones inherit what they do not set from the top level. */
    @ConfigMapping(prefix = "litestow")
    interface Database {
        /** Returns where the replica is. */
        @WithConverter(UrlRules.Replica.class)
        ReplicaUrl replicaUrl();

        /** Returns the database's file name; {@code litestow.database} at the top level. */
        @WithDefault("db.sqlite")
        @WithConverter(PathRules.FileName.class)
        String path();

        /** Returns the folder of the database, as it was written. */
        @WithDefault("data")
        @WithConverter(PathRules.Folder.class)
        Path folder();

        /** Returns the S3 key id. */
        @WithConverter(SecretRules.AccessKeyId.class)
        Optional<Secret> accessKeyId();

        /** Returns the content of the file that holds the S3 key id. */
        @WithConverter(SecretRules.SecretFile.class)
        Optional<Secret> accessKeyIdFile();

        /** Returns the S3 secret. */
        @WithConverter(SecretRules.SecretAccessKey.class)
        Optional<Secret> secretAccessKey();

        /** Returns the content of the file that holds the S3 secret. */
        @WithConverter(SecretRules.SecretFile.class)
        Optional<Secret> secretAccessKeyFile();

        /** Returns the session token of temporary S3 keys. */
        @WithConverter(SecretRules.SessionToken.class)
        Optional<Secret> sessionToken();

        /** Returns the content of the file that holds the session token. */
        @WithConverter(SecretRules.SecretFile.class)
        Optional<Secret> sessionTokenFile();

        /** Returns how to reach S3, apart from the keys. */
        S3 s3();

        /** Returns when and how to snapshot. */
        Snapshot snapshot();

        /** Returns what the replica keeps. */
        Retention retention();

        /** Returns what happens at start-up. */
        RestoreConfig restore();

        /** Returns what is kept of files that a restore moved out of its way, the newest always. */
        QuarantineConfig quarantine();

        /** Returns how often a database that is here is proven. */
        @WithName("verify.every")
        @WithDefault("P1D")
        @WithConverter(Rules.Positive.class)
        Duration verifyEvery();

        /** Returns how often an offloaded database is proven again; zero when it is {@code off}, empty when unset. */
        @WithName("verify.offloaded-every")
        @WithConverter(Rules.PositiveOrOff.class)
        Optional<Duration> verifyOffloadedEvery();

        /** Returns after which silence of its holder another service may take over the replica. */
        @WithName("lease.time")
        @WithDefault("PT1M")
        @WithConverter(Rules.LeaseTime.class)
        Duration leaseTime();

        /** Returns what counts as fresh. */
        HealthConfig health();

        /** Returns who misses its runs. */
        TellingConfig.Heartbeat heartbeat();

        /** Returns the commands around its runs. */
        TellingConfig.Hook hook();
    }

    /** How to reach S3, apart from the keys. */
    interface S3 {
        /** Returns an S3-compatible endpoint; empty means AWS. */
        @WithConverter(UrlRules.Endpoint.class)
        Optional<String> endpoint();

        /** Returns the region; empty when the credential chain or the endpoint decides. */
        @WithConverter(Rules.Region.class)
        Optional<String> region();

        /** Returns whether the bucket is part of the path; empty means: where there is an endpoint. */
        @WithConverter(Rules.StrictBoolean.class)
        Optional<Boolean> forcePathStyle();

        /** Returns which encryption is asked for; empty leaves that to the bucket. */
        @WithConverter(S3Rules.Encryption.class)
        Optional<String> sse();

        /** Returns the key of that encryption. */
        @WithConverter(S3Rules.KmsKey.class)
        Optional<String> sseKmsKeyId();

        /** Returns the storage class of the engine's files. */
        @WithConverter(S3Rules.StorageClass.class)
        Optional<String> storageClass();

        /** Returns which retention the bucket must have by default. */
        @WithDefault("off")
        @WithConverter(S3Rules.Lock.class)
        ObjectLock objectLock();
    }

    /** When and how to snapshot. */
    interface Snapshot {
        /** Returns the cron expression; empty when it is {@code off}. */
        @WithDefault("0 */5 * * * ?")
        @WithConverter(Rules.Cron.class)
        Optional<String> cron();

        /** Returns the zone of the cron, and of a local time in {@code restore --at}. */
        @WithDefault("UTC")
        @WithConverter(Rules.TimeZone.class)
        ZoneId timeZone();

        /** Returns the deadline of a run. */
        @WithDefault("PT5M")
        @WithConverter(Rules.Positive.class)
        Duration timeout();

        /** Returns how long a run waits for exclusive use of the database. */
        @WithDefault("PT10S")
        @WithConverter(Rules.Positive.class)
        Duration sealTimeout();

        /** Returns whether a proven local copy is deleted. */
        @WithDefault("true")
        @WithConverter(Rules.StrictBoolean.class)
        boolean deleteLocal();

        /** Returns the fraction, 0 to 1, of the last confirmed size below which a run is refused. */
        @WithDefault("50%")
        @WithConverter(Rules.Percent.class)
        double shrinkLimit();

        /** Returns whether the service takes a last snapshot when it stops. */
        @WithDefault("true")
        @WithConverter(Rules.StrictBoolean.class)
        boolean onShutdown();

        /** Returns whether it is a failure that nothing is backed up: no database here, and none at the replica. */
        @WithDefault("false")
        @WithConverter(Rules.StrictBoolean.class)
        boolean required();

        /** Returns whether a database without lineage may become the replica's head. */
        @WithDefault("false")
        @WithConverter(Rules.StrictBoolean.class)
        boolean adopt();
    }

    /** What the replica keeps. */
    interface Retention {
        /** Returns the age below which restore points are kept. */
        @WithDefault("P7D")
        @WithConverter(Rules.NotNegative.class)
        Duration keepFor();

        /** Returns how many restore points are kept whatever their age. */
        @WithDefault("3")
        @WithConverter(Rules.AtLeastOne.class)
        int keepAtLeast();

        /** Returns of how many hours the last restore point is kept, as restic counts them. */
        @WithDefault("0")
        @WithConverter(Rules.Count.class)
        int keepHourly();

        /** Returns of how many days. */
        @WithDefault("0")
        @WithConverter(Rules.Count.class)
        int keepDaily();

        /** Returns of how many weeks, those of ISO 8601. */
        @WithDefault("0")
        @WithConverter(Rules.Count.class)
        int keepWeekly();

        /** Returns of how many months. */
        @WithDefault("0")
        @WithConverter(Rules.Count.class)
        int keepMonthly();

        /** Returns of how many years. */
        @WithDefault("0")
        @WithConverter(Rules.Count.class)
        int keepYearly();

        /** Returns how old a file must be before it may be pruned. */
        @WithDefault("PT1H")
        @WithConverter(Rules.NotNegative.class)
        Duration grace();
    }
}
