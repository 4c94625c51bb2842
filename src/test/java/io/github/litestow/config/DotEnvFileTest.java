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
    void aValueMeansWhatItMeantToPylts(String written, String meant) throws Exception {
        ConfigSource source = source("A=1\nLITESTREAM_SECRET_ACCESS_KEY=" + written + "\nDB_SQLITE=next.db\n");

        assertThat(source.getValue("LITESTREAM_SECRET_ACCESS_KEY")).isEqualTo(meant);
        assertThat(source.getValue("DB_SQLITE")).isEqualTo("next.db");
    }

    @Test
    void exportAndWindowsLineEndsArePassedOver() throws Exception {
        ConfigSource source = source("# comment\r\nexport REPLICA_URL = \"s3://bucket/path\"\r\nDB_SQLITE=a.db\r\n");

        assertThat(source.getValue("REPLICA_URL")).isEqualTo("s3://bucket/path");
        assertThat(source.getValue("DB_SQLITE")).isEqualTo("a.db");
    }

    @Test
    void otherPeoplesNamesAreLeftToQuarkus() throws Exception {
        assertThat(source("QUARKUS_HTTP_PORT=1\nLITESTOW_FOLDER=x\nlitestow.database=a.db\n")
                        .getProperties())
                .containsOnlyKeys("LITESTOW_FOLDER", "litestow.database");
    }

    @Test
    void itStandsBetweenTheEnvironmentAndWhatQuarkusReadsInThatFile() throws Exception {
        ConfigSource source = source("LITESTOW_SNAPSHOT_TIMEOUT=5m\n");

        assertThat(source.getOrdinal()).isBetween(296, 299);
        assertThat(source.getValue("litestow.snapshot.timeout")).isEqualTo("5m");
    }

    @Test
    void noFileIsNoSource() {
        assertThat(new DotEnvFile(folder.resolve(".env")).getConfigSources(null))
                .isEmpty();
        assertThat(new DotEnvFile(folder).getConfigSources(null)).isEmpty();
    }

    @Test
    void aFileThatIsNoTextIsRefused() throws Exception {
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
