package io.github.litestow.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.config.ConfiguredService;
import io.github.litestow.engine.LitestreamProducer;
import io.github.litestow.host.SettableClock;
import io.github.litestow.outcome.Operation;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.outcome.Progress;
import io.github.litestow.outcome.RunInProgress;
import io.github.litestow.outcome.RunRecord;
import io.github.litestow.run.CurrentRun;
import io.github.litestow.run.Databases;
import io.github.litestow.sqlite.TestDatabase;
import io.github.litestow.store.StorageSchemes;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgressReportTest {
    private static final Instant START = Instant.parse("2026-11-21T12:00:00Z");
    private static final ObjectMapper JSON =
            JsonMapper.builder().findAndAddModules().build();

    @TempDir
    Path folder;

    private final List<String> log = new ArrayList<>();
    private final ByteArrayOutputStream screen = new ByteArrayOutputStream();
    private Databases databases;
    private CurrentRun run;
    private Path stateFolder;
    private final SettableClock clock = new SettableClock(START);
    private Optional<Progress> progress = Optional.empty();

    @BeforeEach
    void begin() throws Exception {
        ConfiguredDatabase database = TestDatabase.in(folder).settings(folder.resolve("replica"));
        stateFolder = Files.createDirectories(database.stateFolder());
        ConfiguredService settings =
                new ConfiguredService(List.of(database), Optional.empty(), Duration.ofSeconds(5), Optional.empty(), 2);
        databases = new Databases(settings, new LitestreamProducer().litestream(settings, new StorageSchemes()), JSON);
        run = databases.named("default").orElseThrow().currentRun();
        run.begin(
                "1",
                () -> new RunInProgress("1", "default", Operation.RESTORE, "start-up", START, "restore", progress));
    }

    @Test
    void without_a_terminal_the_log_gets_a_line_every_ten_seconds_of_a_run_and_none_of_a_short_one() {
        ProgressReport report = report(false);
        progress = Optional.of(new Progress(Progress.Doing.RESTORING, 512, Optional.of(2048L)));

        for (int second = 1; second <= 25; second++) {
            after(second, report);
        }

        assertThat(log)
                .hasSize(2)
                .containsOnly("default: restore by start-up at restore: restoring 512 of 2,048 bytes (25%)");
        assertThat(screen.size()).isZero();
    }

    @Test
    void on_a_terminal_one_line_is_drawn_over_every_second_and_gone_when_the_run_ends() {
        ProgressReport report = report(true);

        after(1, report);
        assertThat(drawn()).as("between long parts").isEmpty();
        progress = Optional.of(new Progress(Progress.Doing.RESTORING, 512, Optional.empty()));
        after(2, report);
        after(3, report);

        String line = "\rdefault: restoring 512 bytes\u001b[K\r";
        assertThat(drawn()).isEqualTo(line + line);
        report.ended(new RunRecord(
                "1",
                "default",
                Operation.RESTORE,
                "start-up",
                START,
                clock.instant(),
                new Outcome.NothingToRestore(Optional.empty(), Optional.empty()),
                List.of()));
        after(4, report);
        assertThat(drawn()).as("though it is still the current run").isEqualTo(line + line + "\r\u001b[K\r");
        assertThat(log).isEmpty();
    }

    @Test
    void it_says_how_fast_it_goes_and_how_long_the_rest_takes_and_never_passes_what_was_expected() {
        ProgressReport report = report(true);
        List<String> rows = new ArrayList<>();
        for (int second = 1; second <= 11; second++) {
            progress = Optional.of(
                    new Progress(Progress.Doing.RESTORING, second * 12_345_678_901L, Optional.of(100_000_000_000L)));
            screen.reset();
            after(second, report);
            rows.add(drawn().replaceAll("[\r\u001b]|\\[K", ""));
        }

        assertThat(rows).allMatch(row -> row.length() < 80);
        assertThat(rows.get(0)).isEqualTo("default: restoring 11.5 of 93.1 GiB (12%)");
        assertThat(rows.get(2)).isEqualTo("default: restoring 34.5 of 93.1 GiB (37%), 11.5 GiB/s, 6 s left");
        assertThat(rows.get(10)).isEqualTo("default: restoring 93.1 of 93.1 GiB (100%), 11.5 GiB/s");
    }

    @Test
    void another_process_sees_the_run_until_it_ends_and_not_of_a_process_that_died() throws Exception {
        progress = Optional.of(new Progress(Progress.Doing.UPLOADING, 1, Optional.of(3L)));
        after(1, report(false));
        CurrentRun other = new CurrentRun(stateFolder, JSON);

        Instant now = clock.instant();
        assertThat(other.now(now)).isEqualTo(run.own()).isPresent();
        assertThat(other.now(now.plusSeconds(11))).as("not renewed").isEmpty();
        assertThat(run.now(now.plusSeconds(11))).as("its own").isPresent();
        run.end("0");
        assertThat(other.now(now)).as("another run's end").isPresent();
        run.end("1");
        assertThat(other.now(now)).isEmpty();
    }

    private void after(int seconds, ProgressReport report) {
        clock.show(START.plus(Duration.ofSeconds(seconds)));
        report.look();
    }

    private String drawn() {
        return screen.toString(StandardCharsets.UTF_8);
    }

    private ProgressReport report(boolean terminal) {
        return new ProgressReport(
                databases, clock, terminal, new PrintStream(screen, true, StandardCharsets.UTF_8), log::add);
    }
}
