package io.github.litestow.engine;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.config.ReplicaUrl;
import io.github.litestow.config.S3Settings;
import io.github.litestow.config.Secret;
import io.github.litestow.config.TestConfig;
import io.github.litestow.store.StorageSchemes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the tests of this package begin with. */
final class Given {
    static final EngineTargets TARGETS = new StorageSchemes();
    static final String KEY_ID = "AKIAEXAMPLE";
    static final String SECRET = "se$cret'\"#\n/+=";

    private Given() {}

    static ConfiguredDatabase fileReplica(Path folder, Path replica) {
        return database(folder, new ReplicaUrl("file://" + replica, "file"), TestConfig.noKeys());
    }

    static ConfiguredDatabase s3Replica(Path folder, String endpoint) {
        return s3Replica(folder, Optional.of(endpoint), true);
    }

    static ConfiguredDatabase s3Replica(Path folder, Optional<String> endpoint, boolean keys) {
        S3Settings s3 = new S3Settings(
                keys ? Optional.of(new Secret(KEY_ID)) : Optional.empty(),
                keys ? Optional.of(new Secret(SECRET)) : Optional.empty(),
                Optional.empty(),
                endpoint,
                endpoint.map(any -> "eu-central-1"),
                endpoint.isPresent());
        return database(folder, new ReplicaUrl("s3://bucket/some/path", "s3"), s3);
    }

    static ConfiguredDatabase otherReplica(Path folder) {
        return database(folder, new ReplicaUrl("abs://account@container/path", "abs"), TestConfig.noKeys());
    }

    private static ConfiguredDatabase database(Path folder, ReplicaUrl replica, S3Settings s3) {
        return TestConfig.defaults("default", folder.resolve("db.sqlite"), replica, s3);
    }

    static Path realEngine() {
        String path = System.getProperty("litestow.test.litestream");
        if (path == null || !Files.isExecutable(Path.of(path))) {
            throw new AssertionError("no litestream at the system property litestow.test.litestream (" + path
                    + "): run the tests with Maven, which fetches it");
        }
        return Path.of(path);
    }

    /** Writes a shell script that can be run. */
    static Path script(Path folder, String name, String body) {
        try {
            Path script = folder.resolve(name);
            Files.writeString(script, "#!/bin/sh\n" + body + "\n");
            return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A script that is litestream when asked for its version, and otherwise does what it likes. */
    static Path fakeEngine(Path folder, String body) {
        return script(folder, "litestream", "if [ \"$1\" = version ]; then echo 0.5.17; exit; fi\n" + body);
    }

    static Litestream litestream(Path binary, Map<String, String> environment) {
        EngineProcess runner = new EngineProcess(new RunningEngines(System::nanoTime));
        EngineLocator locator = new EngineLocator(Optional.of(binary), environment, Set.of(), runner);
        return new LitestreamBinary(TARGETS, locator, runner, new EngineSlots(2), environment, System::nanoTime);
    }

    static Litestream litestream(Path binary) {
        return litestream(binary, System.getenv());
    }

    static void sql(Path database, String... statements) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    static int count(Path database, String table) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
                Statement statement = connection.createStatement()) {
            return statement.executeQuery("SELECT count(*) FROM " + table).getInt(1);
        }
    }
}
