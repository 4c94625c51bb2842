package io.github.litestow.settings;

import java.util.Optional;

/**
 * Every setting there is: the one table from which reading, redaction, unknown-name checks and the
 * documentation are made. Its names are the outside contract.
 */
public enum Setting {
    /** Where the replica lies. */
    REPLICA_URL(
            "replica-url", Scope.DATABASE, "", "s3://bucket/path, file:///path, or another URL that litestream knows"),
    /** The database's file name; called {@code path} in an entry of {@code litestow.databases}. */
    DATABASE(
            "database",
            Scope.DATABASE,
            "db.sqlite",
            "a plain file name ending in .db, .db3, .sqlite or .sqlite3, not starting with a dot or a dash"),
    /** The folder of the database. */
    FOLDER("folder", Scope.DATABASE, "data", "a folder that can be written; it is created when missing"),
    /** The S3 key id. */
    ACCESS_KEY_ID("access-key-id", Scope.DATABASE, "", "the S3 access key id, together with the secret access key"),
    /** File that holds the S3 key id. */
    ACCESS_KEY_ID_FILE("access-key-id-file", Scope.DATABASE, "", Accepted.FILE),
    /** The S3 secret. */
    SECRET_ACCESS_KEY(
            "secret-access-key", Scope.DATABASE, "", "the S3 secret access key, together with the access key id"),
    /** File that holds the S3 secret. */
    SECRET_ACCESS_KEY_FILE("secret-access-key-file", Scope.DATABASE, "", Accepted.FILE),
    /** The session token of temporary S3 keys. */
    SESSION_TOKEN("session-token", Scope.DATABASE, "", "the session token that belongs to temporary S3 keys"),
    /** File that holds the session token. */
    SESSION_TOKEN_FILE("session-token-file", Scope.DATABASE, "", Accepted.FILE),
    /** An S3-compatible endpoint. */
    S3_ENDPOINT("s3.endpoint", Scope.DATABASE, "", "http://host:port or https://host:port, without user info or query"),
    /** The S3 region. */
    S3_REGION("s3.region", Scope.DATABASE, "", "a region name such as eu-central-1"),
    /** Whether the bucket stands in the path. */
    S3_FORCE_PATH_STYLE(
            "s3.force-path-style", Scope.DATABASE, "", "true or false; true by default where an endpoint is set"),
    /** The engine's binary. */
    LITESTREAM_BINARY("litestream.binary", Scope.SERVICE, "", "the path of a litestream binary"),
    /** When to snapshot. */
    SNAPSHOT_CRON(
            "snapshot.cron",
            Scope.DATABASE,
            "0 */5 * * * ?",
            "a Quartz cron (6 or 7 fields), a Unix cron (5 fields) that fires some day, or off"),
    /** The zone of the cron. */
    SNAPSHOT_TIME_ZONE("snapshot.time-zone", Scope.DATABASE, "UTC", "a zone id such as UTC or Europe/Berlin"),
    /** The deadline of a run. */
    SNAPSHOT_TIMEOUT("snapshot.timeout", Scope.DATABASE, "PT5M", Accepted.POSITIVE),
    /** How long a run waits for exclusive use. */
    SNAPSHOT_SEAL_TIMEOUT("snapshot.seal-timeout", Scope.DATABASE, "PT10S", Accepted.POSITIVE),
    /** Whether a proven local copy is deleted. */
    SNAPSHOT_DELETE_LOCAL("snapshot.delete-local", Scope.DATABASE, "true", Accepted.BOOLEAN),
    /** How far the database may shrink between runs. */
    SNAPSHOT_SHRINK_LIMIT("snapshot.shrink-limit", Scope.DATABASE, "50%", "0% to 100%, or a fraction such as 0.5"),
    /** Whether the service takes a last snapshot when it stops. */
    SNAPSHOT_ON_SHUTDOWN("snapshot.on-shutdown", Scope.DATABASE, "true", Accepted.BOOLEAN),
    /** Whether a database without lineage may become the head. */
    SNAPSHOT_ADOPT("snapshot.adopt", Scope.DATABASE, "false", Accepted.BOOLEAN),
    /** How long restore points are kept. */
    RETENTION_KEEP_FOR("retention.keep-for", Scope.DATABASE, "P7D", Accepted.NOT_NEGATIVE),
    /** How many restore points are kept at least. */
    RETENTION_KEEP_AT_LEAST("retention.keep-at-least", Scope.DATABASE, "3", "a whole number, 1 or more"),
    /** How old a file must be before it may be pruned. */
    RETENTION_GRACE("retention.grace", Scope.DATABASE, "PT1H", Accepted.NOT_NEGATIVE),
    /** Whether a missing database is restored at start-up. */
    RESTORE_ON_START("restore.on-start", Scope.DATABASE, "true", Accepted.BOOLEAN),
    /** Whether an empty replica is a failure. */
    RESTORE_REQUIRED("restore.required", Scope.DATABASE, "false", Accepted.BOOLEAN),
    /** What happens when the newest point is damaged. */
    RESTORE_ON_DAMAGE("restore.on-damage", Scope.DATABASE, "fail", "fail or fallback"),
    /** How long replaced files are kept. */
    QUARANTINE_KEEP_FOR("quarantine.keep-for", Scope.DATABASE, "P30D", Accepted.NOT_NEGATIVE),
    /** How much of them is kept. */
    QUARANTINE_KEEP_BYTES(
            "quarantine.keep-bytes", Scope.DATABASE, "10G", "a size such as 500M, 10G or a number of bytes"),
    /** How often a kept database is proven. */
    VERIFY_EVERY("verify.every", Scope.DATABASE, "P1D", Accepted.POSITIVE),
    /** After which silence another service may take over. */
    LEASE_TIME("lease.time", Scope.DATABASE, "PT1M", "a duration from six seconds to one hour"),
    /** Above which age a backup is stale. */
    HEALTH_MAX_AGE("health.max-age", Scope.DATABASE, "", Accepted.POSITIVE),
    /** What readiness needs. */
    HEALTH_READINESS("health.readiness", Scope.DATABASE, "restored", "restored or fresh"),
    /** How long a stop may take. */
    SHUTDOWN_GRACE("shutdown.grace", Scope.SERVICE, "PT25S", Accepted.POSITIVE),
    /** What HTTP actions need. */
    API_TOKEN("api.token", Scope.SERVICE, "", "at least 16 characters"),
    /** File that holds the token. */
    API_TOKEN_FILE("api.token-file", Scope.SERVICE, "", Accepted.FILE),
    /** How many engine processes that move data run at once. */
    CONCURRENCY("concurrency", Scope.SERVICE, "", "a whole number, 1 or more");

    /** The prefix of every key. */
    static final String PREFIX = "litestow.";
    /** The prefix of the keys of named databases. */
    static final String DATABASES = "litestow.databases.";
    /** The prefix of names that only the tests of the project read. */
    static final String TEST_PREFIX = "litestow.test.";

    /** Whether a setting belongs to one database (inherited, overridable) or to the service. */
    enum Scope {
        DATABASE,
        SERVICE
    }

    private final String suffix;
    private final Scope scope;
    private final String defaultText;
    private final String accepted;

    Setting(String suffix, Scope scope, String defaultText, String accepted) {
        this.suffix = suffix;
        this.scope = scope;
        this.defaultText = defaultText;
        this.accepted = accepted;
    }

    /** Returns the key, for example {@code litestow.snapshot.timeout}. */
    public String key() {
        return PREFIX + suffix;
    }

    /** Returns the key in an entry of {@code litestow.databases}; only for {@link #perDatabase()}. */
    public String keyFor(String database) {
        return DATABASES + database + "." + entrySuffix();
    }

    /** Returns the default as one would write it; empty when the setting is unset by default. */
    public String defaultText() {
        return defaultText;
    }

    /** Returns, for a person, what holds while nothing is set: {@link #defaultText()}, or what follows from elsewhere. */
    public String whenUnset() {
        return switch (this) {
            case REPLICA_URL -> "required";
            case ACCESS_KEY_ID, SECRET_ACCESS_KEY -> "unset: the AWS default credential chain";
            case S3_ENDPOINT -> "AWS";
            case S3_REGION -> "unset: the credential chain or the endpoint decides";
            case S3_FORCE_PATH_STYLE -> "true with an endpoint, otherwise false";
            case LITESTREAM_BINARY -> "the one on PATH, then the build's copy";
            case HEALTH_MAX_AGE -> "three times the longest gap between fire times";
            case API_TOKEN -> "unset: actions over HTTP are off";
            case CONCURRENCY -> "the number of processors";
            default -> defaultText.isEmpty() ? "unset" : defaultText;
        };
    }

    /** Returns, for a person, which values are accepted. */
    public String accepted() {
        return accepted;
    }

    /** Returns whether an entry of {@code litestow.databases} may override the setting. */
    public boolean perDatabase() {
        return scope == Scope.DATABASE;
    }

    /** Returns whether the value must never be shown. */
    public boolean secret() {
        return this == ACCESS_KEY_ID || this == SECRET_ACCESS_KEY || this == SESSION_TOKEN || this == API_TOKEN;
    }

    /** Returns the setting that names the file of this secret; empty for what is not a secret. */
    public Optional<Setting> fileTwin() {
        return switch (this) {
            case ACCESS_KEY_ID -> Optional.of(ACCESS_KEY_ID_FILE);
            case SECRET_ACCESS_KEY -> Optional.of(SECRET_ACCESS_KEY_FILE);
            case SESSION_TOKEN -> Optional.of(SESSION_TOKEN_FILE);
            case API_TOKEN -> Optional.of(API_TOKEN_FILE);
            default -> Optional.empty();
        };
    }

    /** Returns the name the setting has in pylts, for example {@code DB_SQLITE}. */
    public Optional<String> alias() {
        return switch (this) {
            case REPLICA_URL -> Optional.of("REPLICA_URL");
            case DATABASE -> Optional.of("DB_SQLITE");
            case ACCESS_KEY_ID -> Optional.of("LITESTREAM_ACCESS_KEY_ID");
            case ACCESS_KEY_ID_FILE -> Optional.of("LITESTREAM_ACCESS_KEY_ID_FILE");
            case SECRET_ACCESS_KEY -> Optional.of("LITESTREAM_SECRET_ACCESS_KEY");
            case SECRET_ACCESS_KEY_FILE -> Optional.of("LITESTREAM_SECRET_ACCESS_KEY_FILE");
            default -> Optional.empty();
        };
    }

    /** Returns the environment name to show to a person: the pylts one when there is one. */
    public String environmentName() {
        return alias().orElseGet(() -> EnvironmentNames.of(key()));
    }

    /** Returns the last part of the key in an entry of {@code litestow.databases}. */
    String entrySuffix() {
        return this == DATABASE ? "path" : suffix;
    }

    /** Phrases that several settings share. */
    private static final class Accepted {
        static final String BOOLEAN = "true or false";
        static final String FILE = "the path of a readable file that holds the secret";
        static final String POSITIVE = "a positive duration such as PT5M, 5m or 30s";
        static final String NOT_NEGATIVE = "a duration such as P7D, 12h or 30m";
    }
}
