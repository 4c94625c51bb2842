package io.github.litestow.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

class CommandLineTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "restore --at 2h_ago --txid 2",
                "restore --txid 2 --at 2h_ago",
                "restore --to file --replace",
                "restore --replace --to file orders",
                "restore --to file orders customers"
            })
    void a_wrong_combination_is_refused_in_one_line_before_anything_starts(String line) {
        assertThatExceptionOfType(ParameterException.class).isThrownBy(() -> check(line));
        assertThat(refusal(line))
                .satisfies(lines -> assertThat(lines).startsWith("litestow: ").doesNotContain("Error:", "Exception"))
                .endsWith("Try `--help`.\n")
                .hasLineCount(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "restore",
                "restore --at 2h_ago --to file orders",
                "restore --txid 2 --replace orders customers",
                "restore --to file --fallback --if-exists --json"
            })
    void what_goes_together_is_understood(String line) {
        assertThatNoException().isThrownBy(() -> check(line));
    }

    @Test
    void what_was_parsed_is_what_runs() {
        ParseResult parsed = Commands.line().parseArgs(words("restore --txid 2A --to file --if-exists --json orders"));

        assertThat(parsed.subcommand().commandSpec().userObject())
                .isInstanceOfSatisfying(RestoreCommand.class, restore -> {
                    assertThat(restore.name()).isEqualTo("restore");
                    assertThat(restore.point.txid).isEqualTo("000000000000002a");
                    assertThat(restore.point.at).isNull();
                    assertThat(restore.target.file).hasToString("file");
                    assertThat(restore.target.replace).isFalse();
                    assertThat(restore.ifExists).isTrue();
                    assertThat(restore.json()).isTrue();
                    assertThat(restore.names.given).containsExactly("orders");
                });
    }

    private static void check(String line) {
        ParseResult parsed = Commands.line().parseArgs(words(line));
        ((CliCommand) parsed.subcommand().commandSpec().userObject()).check();
    }

    /** Only for what is refused: nothing may start here. */
    private static String refusal(String line) {
        PrintStream before = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
        try {
            assertThat(Commands.line().execute(words(line))).isEqualTo(ExitCodes.USAGE);
        } finally {
            System.setErr(before);
        }
        return said.toString(StandardCharsets.UTF_8).replace("\r\n", "\n");
    }

    private static String[] words(String line) {
        return Arrays.stream(line.split(" ", -1))
                .map(word -> word.replace('_', ' '))
                .toArray(String[]::new);
    }
}
