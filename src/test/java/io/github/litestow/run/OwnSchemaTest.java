package io.github.litestow.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.application.OwnSchema;
import io.github.litestow.host.Host;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.run.restore.RestoreRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A database whose schema needs its application is backed up, proven and restored like any other. */
class OwnSchemaTest {
    @TempDir
    Path temp;

    private Host host;

    @BeforeEach
    void aHost() {
        host = new Host(temp.resolve("host"), temp.resolve("replica"));
        host.file().withRows("WAL", 50);
        host.keep();
    }

    private List<String> warnings() {
        return host.lastRun().warnings().stream()
                .filter(warning -> warning.contains("without its application"))
                .toList();
    }

    @ParameterizedTest
    @EnumSource
    void is_offloaded_and_restored_with_one_warning_that_names_the_object(OwnSchema schema) {
        schema.migrate(host.file().file());
        int expected = schema.named().isEmpty() ? 0 : 1;

        assertThat(host.keep()).isInstanceOf(Outcome.Snapshotted.class);
        assertThat(warnings()).hasSize(expected).allMatch(warning -> warning.contains(schema.named()));
        host.file().addRow();
        host.offload();
        assertThat(warnings()).isEmpty();

        Outcome restored = host.restore();

        assertThat(restored).isInstanceOf(Outcome.Restored.class);
        assertThat(restored.words()).contains(schema.named().isEmpty() ? "integrity checked" : "checksums checked");
        assertThat(host.file().rows()).isEqualTo(51);
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"MODULE", "TRIGGER", "VIEW"})
    void is_never_passed_over_for_an_older_point(OwnSchema schema) {
        schema.migrate(host.file().file());
        host.offload();
        String newest = host.database().journal().state().newest().orElseThrow().txid();
        host.loseStateFolder();

        Outcome restored = host.restore(RestoreRequest.atStart(true, true));

        assertThat(restored.restorePoint().orElseThrow().txid()).isEqualTo(newest);
        assertThat(warnings()).hasSize(schema.named().isEmpty() ? 0 : 1);
        assertThat(host.verify()).isInstanceOf(Outcome.Verified.class);
        assertThat(warnings()).isEmpty();
    }

    @Test
    void is_verified_without_a_local_copy() {
        OwnSchema.EXPRESSION_INDEX.migrate(host.file().file());
        host.offload();

        assertThat(host.verify()).isInstanceOf(Outcome.Verified.class);
    }

    @Test
    void is_still_refused_when_what_can_be_checked_is_damaged() throws IOException {
        OwnSchema.CHECK.migrate(host.file().file());
        host.keep();
        host.file().execute("PRAGMA journal_mode=DELETE", "INSERT INTO t (note) SELECT note FROM t, (SELECT 1 FROM t)");
        byte[] bytes = Files.readAllBytes(host.file().file());
        Arrays.fill(bytes, bytes.length - 40_000, bytes.length - 20_000, (byte) 0x55);
        Files.write(host.file().file(), bytes);

        Host.assertFailed(host.snapshot(), FailureKind.SOURCE_DAMAGED);
    }
}
