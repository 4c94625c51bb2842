package io.github.litestow.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.host.WiredService;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CurrentRunTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{}",
                "{\"at\": \"2026-11-21T12:00:00Z\"}",
                "{\"at\": \"2026-11-21T12:00:00Z\", \"run\": {}}",
                "{\"at\": \"2026-11-21T12:00:00Z\", \"run\": {\"id\": \"1\", \"operation\": \"snapshot\"}}"
            })
    void what_no_process_shows_of_its_run_is_passed_over(String text) throws Exception {
        Files.writeString(folder.resolve("run.json"), text);

        assertThat(new CurrentRun(folder, WiredService.JSON).now(NOON)).isEmpty();
    }
}
