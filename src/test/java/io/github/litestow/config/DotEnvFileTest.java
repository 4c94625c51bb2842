package io.github.litestow.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.litestow.outcome.FailureKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DotEnvFileTest {
    @TempDir
    Path folder;

    static Stream<Arguments> lines() {
        return Stream.of(
                Arguments.of("plain", "plain"),
                Arguments.of("  around  ", "around"),
                Arguments.of("back\\slash\\\\s\\n", "back\\slash\\\\s\\n"),
                Arguments.of("in\"side'quotes", "in\"side'quotes"),
                Arguments.of("a$b${c}#d", "a$b${c}#d"),
                Arguments.of("value # comment", "value"),
                Arguments.of("# comment", ""),
                Arguments.of("'single $x \\n # \"kept\"' # comment", "single $x \\n # \"kept\""),
                Arguments.of("'it\\'s'", "it's"),
                Arguments.of("\"double # \\\"kept\\\" \\n \\\\ \\x\"", "double # \"kept\" \n \\ \\x"),
                Arguments.of("\"two\nlines\"", "two\nlines"),
                Arguments.of("\"open", "\"open"),
                Arguments.of("\"a\"b", "\"a\"b"),
                Arguments.of("'" + "x".repeat(20_000) + "'", "x".repeat(20_000)));
    }

    @ParameterizedTest
    @MethodSource("lines")
    void a_value_means_what_it_meant_to_pylts(String written, String meant) throws Exception {
        ConfigSource source = source("A=1\nLITESTREAM_SECRET_ACCESS_KEY=" + written + "\nDB_SQLITE=next.db\n");

        assertThat(source.getValue("LITESTREAM_SECRET_ACCESS_KEY")).isEqualTo(meant);
        assertThat(source.getValue("DB_SQLITE")).isEqualTo("next.db");
    }

    @Test
    void a_byte_order_mark_is_no_part_of_the_first_name() throws Exception {
        assertThat(source("\uFEFFREPLICA_URL=s3://bucket/path\n").getValue("REPLICA_URL"))
                .isEqualTo("s3://bucket/path");
    }

    @Test
    void export_and_windows_line_ends_are_passed_over() throws Exception {
        ConfigSource source = source("# comment\r\nexport REPLICA_URL = \"s3://bucket/path\"\r\nDB_SQLITE=a.db\r\n");

        assertThat(source.getValue("REPLICA_URL")).isEqualTo("s3://bucket/path");
        assertThat(source.getValue("DB_SQLITE")).isEqualTo("a.db");
    }

    @Test
    void other_peoples_names_are_left_to_quarkus() throws Exception {
        assertThat(source("QUARKUS_HTTP_PORT=1\nLITESTOW_FOLDER=x\nlitestow.database=a.db\n")
                        .getProperties())
                .containsOnlyKeys("LITESTOW_FOLDER", "litestow.database");
    }

    @Test
    void it_stands_between_the_environment_and_what_quarkus_reads_in_that_file() throws Exception {
        ConfigSource source = source("LITESTOW_SNAPSHOT_TIMEOUT=5m\n");

        assertThat(source.getOrdinal()).isBetween(296, 299);
        assertThat(source.getValue("litestow.snapshot.timeout")).isEqualTo("5m");
    }

    @Test
    void no_file_is_no_source() {
        assertThat(new DotEnvFile(folder.resolve(".env")).getConfigSources(null))
                .isEmpty();
        assertThat(new DotEnvFile(folder).getConfigSources(null)).isEmpty();
    }

    @Test
    void a_file_that_is_no_text_is_refused() throws Exception {
        Path file = Files.write(folder.resolve(".env"), new byte[] {'A', '=', (byte) 0xff});

        assertThatExceptionOfType(InvalidSettings.class)
                .isThrownBy(() -> new DotEnvFile(file).getConfigSources(null))
                .satisfies(thrown ->
                        assertThat(thrown.mistakes()).allMatch(mistake -> mistake.kind() == FailureKind.SETTINGS))
                .withMessageContaining(".env cannot be read");
    }

    private ConfigSource source(String text) throws Exception {
        Path file = Files.writeString(folder.resolve(".env"), text);
        return new DotEnvFile(file).getConfigSources(null).iterator().next();
    }
}
