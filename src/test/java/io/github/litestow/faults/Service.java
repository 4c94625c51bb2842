package io.github.litestow.faults;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.litestow.journal.Journals;
import io.github.litestow.litestream.Litestream;
import io.github.litestow.litestream.LitestreamProducer;
import io.github.litestow.outcome.Failure;
import io.github.litestow.run.Database;
import io.github.litestow.run.Databases;
import io.github.litestow.run.Invocation;
import io.github.litestow.run.Runs;
import io.github.litestow.settings.DatabaseSettings;
import io.github.litestow.settings.ServiceSettings;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The real runs over one database, wired as the service wires them. */
final class Service {
    final Runs runs;
    final Database database;

    Service(DatabaseSettings settings, Path engine, Clock clock) throws Failure {
        ServiceSettings all =
                new ServiceSettings(List.of(settings), Optional.of(engine), Duration.ofSeconds(25), Optional.empty());
        ObjectMapper json = new ObjectMapper().findAndRegisterModules();
        Litestream litestream = new LitestreamProducer().litestream(all);
        database = new Databases(all, litestream, json, new Journals(json))
                .named(settings.name())
                .orElseThrow();
        runs = new Runs(litestream, clock, new NoEvents<>(), new Invocation("127.0.0.1", 1));
    }
}
