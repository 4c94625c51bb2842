package io.github.litestow.faults;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.litestow.engine.Litestream;
import io.github.litestow.engine.LitestreamProducer;
import io.github.litestow.journal.Journals;
import io.github.litestow.outcome.Failure;
import io.github.litestow.run.Database;
import io.github.litestow.run.Databases;
import io.github.litestow.run.LaunchMode;
import io.github.litestow.run.RunExecutor;
import io.github.litestow.run.restore.Restores;
import io.github.litestow.run.snapshot.Snapshots;
import io.github.litestow.settings.DatabaseSettings;
import io.github.litestow.settings.ServiceSettings;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The real runs over one database, wired as the service wires them. */
final class Service {
    final RunExecutor runs;
    final Snapshots snapshots;
    final Restores restores;
    final Database database;

    Service(DatabaseSettings settings, Path engine, Clock clock) throws Failure {
        ServiceSettings all =
                new ServiceSettings(List.of(settings), Optional.of(engine), Duration.ofSeconds(25), Optional.empty());
        ObjectMapper json = new ObjectMapper().findAndRegisterModules();
        Litestream litestream = new LitestreamProducer().litestream(all);
        database = new Databases(all, litestream, json, new Journals(json))
                .named(settings.name())
                .orElseThrow();
        runs = new RunExecutor(clock, new NoEvents<>(), new LaunchMode("serve", "127.0.0.1", 1));
        snapshots = new Snapshots(runs, litestream, clock);
        restores = new Restores(runs, litestream, clock);
    }
}
