package io.github.litestow.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.application.Application;
import io.github.litestow.config.ConfiguredDatabase;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineCounterTest {
    private static final Duration BUSY = Duration.ofSeconds(5);

    @TempDir
    Path folder;

    private final Application application = new Application();
    private TestDatabase database;
    private ConfiguredDatabase settings;

    @BeforeEach
    void a_database_that_the_engine_knows_and_an_application_uses() {
        database = TestDatabase.in(folder).withRows("WAL", 100);
        settings = database.settings();
        application.open(database.file()).sql("CREATE TABLE _litestream_seq (id INTEGER PRIMARY KEY, seq INTEGER)");
    }

    @AfterEach
    void end_the_application() {
        application.close();
    }

    /** Damaged the database of an application that opened and closed it meanwhile, in a run that passes over writes. */
    @Test
    void what_a_run_reads_and_pins_while_it_counts_lets_no_application_delete_the_wal() throws Exception {
        try (EngineCounter counter = EngineCounter.open(settings, BUSY)) {
            counter.step();
            WalPin.take(settings).orElseThrow().close();
            Fingerprint.take(settings);
            LocalFile.look(settings);

            application.closeConnection();
            assertThat(settings.side("-wal")).isNotEmptyFile();

            application.open(database.file()).sql("INSERT INTO t (note) VALUES (hex(randomblob(5000)))");
            application.closeConnection();
            counter.step();
        }
        assertThat(database.value("PRAGMA integrity_check")).isEqualTo("ok");
        assertThat(database.value("SELECT seq FROM _litestream_seq")).isEqualTo("2");
        assertThat(database.rows()).isEqualTo(101);
    }
}
