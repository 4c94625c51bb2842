package io.github.litestow.faults;

import io.github.litestow.LitestowConfig;
import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.config.ReplicaUrl;
import io.github.litestow.config.S3Settings;
import io.github.litestow.config.TestConfig;
import io.github.litestow.host.Host;
import io.github.litestow.host.RecordedEvents;
import io.github.litestow.host.WiredService;
import io.github.litestow.s3.S3Server;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/** The settings that trials differ in. Changed before a {@link World} starts its runs. */
final class Tuning {
    Duration timeout = Duration.ofMinutes(1);
    /** How long after its deadline a run may end. */
    Duration grace = Duration.ofSeconds(5);

    Duration sealTimeout = Duration.ofMillis(500);
    Duration leaseTime = Duration.ofSeconds(2);
    boolean deleteLocal = true;
    Duration verifyEvery = Duration.ofDays(1);
    Path engine = Host.realEngine();
    Clock clock = Clock.systemUTC();
    Optional<LitestowConfig.Retention> retention = Optional.empty();
    /** Where the replica is, unless it is the trial's folder. */
    Optional<ReplicaUrl> elsewhere = Optional.empty();

    S3Settings s3 = TestConfig.noKeys();

    /** Wires the runs over these settings with this tuning's engine and clock. */
    WiredService service(ConfiguredDatabase settings) {
        return new WiredService(settings, WiredService.litestream(settings, engine), clock, new RecordedEvents());
    }

    /** Puts the replica into a bucket of the tests' server, reached through this endpoint. */
    void inBucket(String url, String endpoint) {
        elsewhere = Optional.of(new ReplicaUrl(url, "s3"));
        s3 = S3Server.settings(URI.create(endpoint));
        // A renewal goes through the same trouble, on a busy machine.
        leaseTime = Duration.ofSeconds(20);
    }

    /** Returns in one word where the replica is, for another process. */
    String whereReplica(Path folder) {
        return elsewhere.isPresent()
                ? elsewhere.get().url() + " " + s3.endpoint().orElseThrow()
                : folder.toString();
    }

    /** Goes where {@link #whereReplica} says; returns the folder, if it is one. */
    Path replicaAt(String where) {
        if (!where.startsWith("s3://")) {
            return Path.of(where);
        }
        int blank = where.indexOf(' ');
        inBucket(where.substring(0, blank), where.substring(blank + 1));
        return Path.of("unused");
    }

    ConfiguredDatabase settings(String name, Path data, Path replica) {
        ConfiguredDatabase settings = TestConfig.defaults(name, data.resolve("app.db"), replica);
        settings = TestConfig.with(settings, "snapshot.cron", Optional.empty());
        settings = TestConfig.with(settings, "snapshot.timeout", timeout);
        settings = TestConfig.with(settings, "snapshot.sealTimeout", sealTimeout);
        settings = TestConfig.with(settings, "snapshot.deleteLocal", deleteLocal);
        settings = TestConfig.with(settings, "verifyEvery", verifyEvery);
        if (retention.isPresent()) {
            settings = TestConfig.with(settings, "retention", retention.get());
        }
        if (elsewhere.isPresent()) {
            settings = TestConfig.with(settings, elsewhere.get(), s3);
        }
        return TestConfig.with(settings, "leaseTime", leaseTime);
    }
}
