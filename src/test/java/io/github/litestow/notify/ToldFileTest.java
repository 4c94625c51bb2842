package io.github.litestow.notify;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.host.WiredService;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ToldFileTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{}",
                "{\"entries\": [null]}",
                "{\"entries\": [{\"event\": \"failure\", \"kinds\": [], \"pending\": []}]}",
                "{\"entries\": [], \"replica\": {\"bytes\": 1}}"
            })
    void what_cannot_be_used_means_that_nothing_was_told(String text) throws Exception {
        Files.writeString(folder.resolve("told.json"), text);

        ToldFile file = new ToldFile(folder, WiredService.JSON);

        assertThat(file.read()).isEqualTo(Told.NOTHING);
        Told next = new Told(List.of(), Optional.of(new Told.ReplicaSize(Instant.parse("2026-11-21T12:00:00Z"), 7)));
        file.write(next);
        assertThat(new ToldFile(folder, WiredService.JSON).read()).isEqualTo(next);
    }
}
