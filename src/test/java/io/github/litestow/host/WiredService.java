package io.github.litestow.host;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.config.ConfiguredService;
import io.github.litestow.engine.Litestream;
import io.github.litestow.engine.LitestreamProducer;
import io.github.litestow.report.StatusService;
import io.github.litestow.run.Database;
import io.github.litestow.run.Databases;
import io.github.litestow.run.LaunchMode;
import io.github.litestow.run.RunExecutor;
import io.github.litestow.run.compare.Looks;
import io.github.litestow.run.mark.Marks;
import io.github.litestow.run.prune.Prunes;
import io.github.litestow.run.restore.Restores;
import io.github.litestow.run.restore.Rollbacks;
import io.github.litestow.run.snapshot.Snapshots;
import io.github.litestow.store.StorageSchemes;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The real runs over one database, wired by hand as Quarkus wires them in the service. */
public final class WiredService {
    /** JSON as the service reads and writes it. */
    public static final ObjectMapper JSON = JsonMapper.builder()
            .findAndAddModules()
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private static final LaunchMode LAUNCH_MODE = new LaunchMode("serve", "127.0.0.1", 8080);
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final RunExecutor runs;
    private final Snapshots snapshots;
    private final Restores restores;
    private final Prunes prunes;
    private final Marks marks;
    private final Rollbacks rollbacks;
    private final Looks looks;
    private final StatusService status;
    private final Database database;

    /** Wires the runs; what they end in goes to {@code events}. */
    public WiredService(ConfiguredDatabase settings, Litestream litestream, Clock clock, RecordedEvents events) {
        this(settings, litestream, clock, events, LAUNCH_MODE);
    }

    /** The same for another command than the service. */
    WiredService(
            ConfiguredDatabase settings, Litestream litestream, Clock clock, RecordedEvents events, LaunchMode mode) {
        ConfiguredService all = all(settings, Optional.empty());
        Databases databases = new Databases(all, litestream, JSON);
        database = databases.named(settings.name()).orElseThrow();
        status = new StatusService(all, databases, clock);
        runs = new RunExecutor(clock, events, mode);
        snapshots = new Snapshots(runs, litestream, clock);
        restores = new Restores(runs, litestream, clock);
        prunes = new Prunes(litestream, clock, mode);
        marks = new Marks(clock, mode);
        rollbacks = new Rollbacks(runs, litestream, clock);
        looks = new Looks(litestream, clock);
    }

    /** Returns the engine over this binary. */
    public static Litestream litestream(ConfiguredDatabase settings, Path binary) {
        return new LitestreamProducer().litestream(all(settings, Optional.of(binary)), new StorageSchemes());
    }

    /** Returns how the service describes its process to others, in locks and leases. */
    public static String description() {
        return LAUNCH_MODE.describe();
    }

    private static ConfiguredService all(ConfiguredDatabase settings, Optional<Path> binary) {
        return new ConfiguredService(List.of(settings), binary, GRACE, Optional.empty(), 2);
    }

    /** Returns what begins and stops runs. */
    public RunExecutor runs() {
        return runs;
    }

    /** Returns the snapshot runs. */
    public Snapshots snapshots() {
        return snapshots;
    }

    /** Returns the restore runs. */
    public Restores restores() {
        return restores;
    }

    /** Returns the prune runs. */
    public Prunes prunes() {
        return prunes;
    }

    /** Returns what labels and pins. */
    public Marks marks() {
        return marks;
    }

    /** Returns what looks into restore points. */
    public Looks looks() {
        return looks;
    }

    /** Returns what rolls back. */
    public Rollbacks rollbacks() {
        return rollbacks;
    }

    /** Returns what is reported of the database. */
    public StatusService status() {
        return status;
    }

    /** Returns the database. */
    public Database database() {
        return database;
    }
}
