package io.github.litestow.faults;

import io.github.litestow.host.Host;
import io.github.litestow.host.RecordedEvents;
import io.github.litestow.host.WiredService;
import io.github.litestow.settings.DatabaseSettings;
import io.github.litestow.settings.ReplicaUrl;
import io.github.litestow.settings.S3Settings;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/** The settings that trials differ in. Changed before a {@link World} starts its runs. */
final class Tuning {
    Duration timeout = Duration.ofMinutes(1);
    Duration sealTimeout = Duration.ofMillis(500);
    boolean deleteLocal = true;
    Duration verifyEvery = Duration.ofDays(1);
    Path engine = Host.realEngine();
    Clock clock = Clock.systemUTC();

    /** Wires the runs over these settings with this tuning's engine and clock. */
    WiredService service(DatabaseSettings settings) {
        return new WiredService(settings, WiredService.litestream(settings, engine), clock, new RecordedEvents());
    }

    DatabaseSettings settings(String name, Path data, Path replica) {
        return new DatabaseSettings(
                name,
                data.resolve("app.db"),
                data.resolve(".app.db-litestow"),
                data.resolve(".app.db-litestream"),
                new ReplicaUrl("file://" + replica, "file"),
                new S3Settings(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), false),
                new DatabaseSettings.Snapshot(Optional.empty(), timeout, sealTimeout, deleteLocal, 0.5, true, false),
                new DatabaseSettings.Retention(Duration.ofDays(7), 3, Duration.ofHours(1)),
                new DatabaseSettings.Restore(true, false, false),
                verifyEvery,
                Duration.ofSeconds(2),
                new DatabaseSettings.Health(Optional.empty(), false));
    }
}
