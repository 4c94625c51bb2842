package io.github.litestow.settings;

import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.Optional;

/** Reads one database. First every text is judged, and only when all are right is the disk touched. */
final class DatabaseReader {
    private final Lookup lookup;
    private final Clock clock;
    private final String name;

    DatabaseReader(String name, Lookup lookup, Clock clock) {
        this.name = name;
        this.lookup = lookup;
        this.clock = clock;
    }

    /** A database whose texts are right; {@code place} still has to be made on disk. */
    record Draft(DatabaseSettings settings, Given folder, Given file, Given replica) {

        /** Creates the folder and returns the settings with real paths. */
        DatabaseSettings place() throws Failure {
            Path database = LocalFiles.folder(folder).resolve(file.text());
            DatabaseSettings placed = at(settings, database);
            for (Path ours : new Path[] {database, placed.stateFolder(), placed.engineFolder()}) {
                LocalFiles.refuseLink(file, ours);
            }
            if (database.toFile().isDirectory()) {
                throw file.refuse(Given.quoted(database.toString()) + " is a folder");
            }
            return placed;
        }
    }

    Draft read() throws Failure {
        Given replica = lookup.given(Setting.REPLICA_URL).orElseThrow(this::noReplica);
        Given file = lookup.orDefault(Setting.DATABASE);
        Given folder = lookup.orDefault(Setting.FOLDER);
        LocalFiles.fileName(file);
        DatabaseSettings settings = new DatabaseSettings(
                name,
                Values.path(folder).resolve(file.text()),
                Path.of(""),
                Path.of(""),
                UrlRules.replica(replica),
                s3(),
                snapshot(),
                retention(),
                restore(),
                Values.positive(lookup.orDefault(Setting.VERIFY_EVERY)),
                Values.leaseTime(lookup.orDefault(Setting.LEASE_TIME)),
                health());
        return new Draft(settings, folder, file, replica);
    }

    private Failure noReplica() {
        String environmentName = name.equals(SettingsReader.DEFAULT_DATABASE)
                ? Setting.REPLICA_URL.environmentName()
                : EnvironmentNames.of(Setting.REPLICA_URL.keyFor(name));
        return new Failure(
                FailureKind.SETTINGS,
                environmentName + " is not set in the environment, .env or config/application.yaml; accepted: "
                        + Setting.REPLICA_URL.accepted(),
                "set " + environmentName);
    }

    private S3Settings s3() throws Failure {
        Optional<Given> endpoint = lookup.given(Setting.S3_ENDPOINT);
        Optional<Given> region = lookup.given(Setting.S3_REGION);
        Credentials credentials = credentials();
        return new S3Settings(
                credentials.id(),
                credentials.secret(),
                credentials.token(),
                endpoint.isPresent() ? Optional.of(UrlRules.endpoint(endpoint.get())) : Optional.empty(),
                region.isPresent() ? Optional.of(Values.region(region.get())) : Optional.empty(),
                pathStyle(endpoint.isPresent()));
    }

    /** Servers with an endpoint of their own rarely answer to a host name per bucket. */
    private boolean pathStyle(boolean ownEndpoint) throws Failure {
        Optional<Given> given = lookup.given(Setting.S3_FORCE_PATH_STYLE);
        return given.isPresent() ? Values.bool(given.get()) : ownEndpoint;
    }

    /** Both keys or none, and a token only with them. */
    private record Credentials(Optional<Secret> id, Optional<Secret> secret, Optional<Secret> token) {}

    /** The keys are one setting: they are never put together from different levels. */
    private Credentials credentials() throws Failure {
        for (Lookup level : lookup.levels()) {
            Optional<SecretFiles.Found> id = SecretFiles.find(level, Setting.ACCESS_KEY_ID);
            Optional<SecretFiles.Found> secret = SecretFiles.find(level, Setting.SECRET_ACCESS_KEY);
            if (id.isPresent() != secret.isPresent()) {
                Given given = id.or(() -> secret).orElseThrow().given();
                Setting missing = id.isPresent() ? Setting.SECRET_ACCESS_KEY : Setting.ACCESS_KEY_ID;
                throw given.refuse("it is set, but " + missing.environmentName() + " is not");
            }
            Optional<SecretFiles.Found> token = SecretFiles.find(level, Setting.SESSION_TOKEN);
            if (token.isPresent() && id.isEmpty()) {
                throw token.get()
                        .given()
                        .refuse("it is set, but the keys it belongs to, " + Setting.ACCESS_KEY_ID.environmentName()
                                + " and " + Setting.SECRET_ACCESS_KEY.environmentName() + ", are not");
            }
            if (id.isPresent()) {
                return new Credentials(
                        id.map(SecretFiles.Found::secret),
                        secret.map(SecretFiles.Found::secret),
                        token.map(SecretFiles.Found::secret));
            }
        }
        return new Credentials(Optional.empty(), Optional.empty(), Optional.empty());
    }

    private DatabaseSettings.Snapshot snapshot() throws Failure {
        ZoneId zone = Values.zone(lookup.orDefault(Setting.SNAPSHOT_TIME_ZONE));
        return new DatabaseSettings.Snapshot(
                Values.schedule(lookup.orDefault(Setting.SNAPSHOT_CRON), zone, clock),
                zone,
                Values.positive(lookup.orDefault(Setting.SNAPSHOT_TIMEOUT)),
                Values.positive(lookup.orDefault(Setting.SNAPSHOT_SEAL_TIMEOUT)),
                Values.bool(lookup.orDefault(Setting.SNAPSHOT_DELETE_LOCAL)),
                Values.fraction(lookup.orDefault(Setting.SNAPSHOT_SHRINK_LIMIT)),
                Values.bool(lookup.orDefault(Setting.SNAPSHOT_ON_SHUTDOWN)),
                Values.bool(lookup.orDefault(Setting.SNAPSHOT_ADOPT)));
    }

    private DatabaseSettings.Retention retention() throws Failure {
        return new DatabaseSettings.Retention(
                Values.duration(lookup.orDefault(Setting.RETENTION_KEEP_FOR)),
                Values.atLeastOne(lookup.orDefault(Setting.RETENTION_KEEP_AT_LEAST)),
                Values.duration(lookup.orDefault(Setting.RETENTION_GRACE)));
    }

    private DatabaseSettings.Restore restore() throws Failure {
        return new DatabaseSettings.Restore(
                Values.bool(lookup.orDefault(Setting.RESTORE_ON_START)),
                Values.bool(lookup.orDefault(Setting.RESTORE_REQUIRED)),
                Values.second(lookup.orDefault(Setting.RESTORE_ON_DAMAGE), "fail", "fallback"),
                new DatabaseSettings.Quarantine(
                        Values.duration(lookup.orDefault(Setting.QUARANTINE_KEEP_FOR)),
                        Values.bytes(lookup.orDefault(Setting.QUARANTINE_KEEP_BYTES))));
    }

    private DatabaseSettings.Health health() throws Failure {
        Optional<Given> maxAge = lookup.given(Setting.HEALTH_MAX_AGE);
        return new DatabaseSettings.Health(
                maxAge.isPresent() ? Optional.of(Values.positive(maxAge.get())) : Optional.empty(),
                Values.second(lookup.orDefault(Setting.HEALTH_READINESS), "restored", "fresh"));
    }

    private static DatabaseSettings at(DatabaseSettings draft, Path database) {
        return new DatabaseSettings(
                draft.name(),
                database,
                database.resolveSibling("." + database.getFileName() + "-litestow"),
                database.resolveSibling("." + database.getFileName() + "-litestream"),
                draft.replica(),
                draft.s3(),
                draft.snapshot(),
                draft.retention(),
                draft.restore(),
                draft.verifyEvery(),
                draft.leaseTime(),
                draft.health());
    }
}
