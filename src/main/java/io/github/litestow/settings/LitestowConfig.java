package io.github.litestow.settings;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithParentName;
import java.util.Map;
import java.util.Optional;

/**
 * The names below {@code litestow.} as Quarkus sees them: an unknown one in {@code
 * application.yaml} stops the start, and editors complete the known ones.
 *
 * <p>Every value is an optional text on purpose. {@link SettingsReader} judges them, key by key and
 * with their origin, so that a mistake ends in one line of ours; secrets it reads raw. What each
 * setting means stands in {@link Setting}, and a test holds the two together.
 */
@ConfigMapping(prefix = "litestow")
public interface LitestowConfig {

    /** The settings of the database named {@code default}, which the others inherit. */
    @WithParentName
    TopLevel topLevel();

    /** What named databases override. */
    Map<String, Entry> databases();

    /** Settings of the engine. */
    Engine litestream();

    /** Settings of the end. */
    Shutdown shutdown();

    /** Settings of the HTTP actions. */
    Api api();

    /** See {@link Setting#CONCURRENCY}. */
    Optional<String> concurrency();

    /** The top level calls the file name {@code database}. */
    interface TopLevel extends Database {
        /** See {@link Setting#DATABASE}. */
        Optional<String> database();
    }

    /** An entry calls the file name {@code path}. */
    interface Entry extends Database {
        /** See {@link Setting#DATABASE}. */
        Optional<String> path();
    }

    /** What can be set for each database. */
    interface Database {
        /** See {@link Setting#REPLICA_URL}. */
        Optional<String> replicaUrl();

        /** See {@link Setting#FOLDER}. */
        Optional<String> folder();

        /** See {@link Setting#ACCESS_KEY_ID}. */
        Optional<String> accessKeyId();

        /** See {@link Setting#ACCESS_KEY_ID_FILE}. */
        Optional<String> accessKeyIdFile();

        /** See {@link Setting#SECRET_ACCESS_KEY}. */
        Optional<String> secretAccessKey();

        /** See {@link Setting#SECRET_ACCESS_KEY_FILE}. */
        Optional<String> secretAccessKeyFile();

        /** See {@link Setting#SESSION_TOKEN}. */
        Optional<String> sessionToken();

        /** See {@link Setting#SESSION_TOKEN_FILE}. */
        Optional<String> sessionTokenFile();

        /** Where S3 is. */
        S3 s3();

        /** When and how to snapshot. */
        Snapshot snapshot();

        /** What the replica keeps. */
        Retention retention();

        /** What happens at start-up. */
        Restore restore();

        /** What is kept of replaced files. */
        Quarantine quarantine();

        /** How often to prove. */
        Verify verify();

        /** Who may write. */
        Lease lease();

        /** What counts as fresh. */
        Health health();
    }

    /** See {@link Setting#S3_ENDPOINT} and the following. */
    interface S3 {
        /** See {@link Setting#S3_ENDPOINT}. */
        Optional<String> endpoint();

        /** See {@link Setting#S3_REGION}. */
        Optional<String> region();

        /** See {@link Setting#S3_FORCE_PATH_STYLE}. */
        Optional<String> forcePathStyle();
    }

    /** See {@link Setting#SNAPSHOT_CRON} and the following. */
    interface Snapshot {
        /** See {@link Setting#SNAPSHOT_CRON}. */
        Optional<String> cron();

        /** See {@link Setting#SNAPSHOT_TIME_ZONE}. */
        Optional<String> timeZone();

        /** See {@link Setting#SNAPSHOT_TIMEOUT}. */
        Optional<String> timeout();

        /** See {@link Setting#SNAPSHOT_SEAL_TIMEOUT}. */
        Optional<String> sealTimeout();

        /** See {@link Setting#SNAPSHOT_DELETE_LOCAL}. */
        Optional<String> deleteLocal();

        /** See {@link Setting#SNAPSHOT_SHRINK_LIMIT}. */
        Optional<String> shrinkLimit();

        /** See {@link Setting#SNAPSHOT_ON_SHUTDOWN}. */
        Optional<String> onShutdown();

        /** See {@link Setting#SNAPSHOT_ADOPT}. */
        Optional<String> adopt();
    }

    /** See {@link Setting#RETENTION_KEEP_FOR} and the following. */
    interface Retention {
        /** See {@link Setting#RETENTION_KEEP_FOR}. */
        Optional<String> keepFor();

        /** See {@link Setting#RETENTION_KEEP_AT_LEAST}. */
        Optional<String> keepAtLeast();

        /** See {@link Setting#RETENTION_GRACE}. */
        Optional<String> grace();
    }

    /** See {@link Setting#RESTORE_ON_START} and the following. */
    interface Restore {
        /** See {@link Setting#RESTORE_ON_START}. */
        Optional<String> onStart();

        /** See {@link Setting#RESTORE_REQUIRED}. */
        Optional<String> required();

        /** See {@link Setting#RESTORE_ON_DAMAGE}. */
        Optional<String> onDamage();
    }

    /** See {@link Setting#QUARANTINE_KEEP_FOR} and the following. */
    interface Quarantine {
        /** See {@link Setting#QUARANTINE_KEEP_FOR}. */
        Optional<String> keepFor();

        /** See {@link Setting#QUARANTINE_KEEP_BYTES}. */
        Optional<String> keepBytes();
    }

    /** See {@link Setting#VERIFY_EVERY}. */
    interface Verify {
        /** See {@link Setting#VERIFY_EVERY}. */
        Optional<String> every();
    }

    /** See {@link Setting#LEASE_TIME}. */
    interface Lease {
        /** See {@link Setting#LEASE_TIME}. */
        Optional<String> time();
    }

    /** See {@link Setting#HEALTH_MAX_AGE} and the following. */
    interface Health {
        /** See {@link Setting#HEALTH_MAX_AGE}. */
        Optional<String> maxAge();

        /** See {@link Setting#HEALTH_READINESS}. */
        Optional<String> readiness();
    }

    /** See {@link Setting#LITESTREAM_BINARY}. */
    interface Engine {
        /** See {@link Setting#LITESTREAM_BINARY}. */
        Optional<String> binary();
    }

    /** See {@link Setting#SHUTDOWN_GRACE}. */
    interface Shutdown {
        /** See {@link Setting#SHUTDOWN_GRACE}. */
        Optional<String> grace();
    }

    /** See {@link Setting#API_TOKEN} and the following. */
    interface Api {
        /** See {@link Setting#API_TOKEN}. */
        Optional<String> token();

        /** See {@link Setting#API_TOKEN_FILE}. */
        Optional<String> tokenFile();
    }
}
