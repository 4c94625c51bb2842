package io.github.litestow.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.github.litestow.outcome.Failure;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
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

    @ParameterizedTest
    @CsvSource({
        "snapshto,            Did you mean snapshot?",
        "restor,              Did you mean restore?",
        "staus,               Did you mean status?",
        "help snapshto,       Did you mean snapshot?",
        "snapshot --kep,      Did you mean --keep?",
        "restore --fallbak,   Did you mean --fallback?",
        "status --jsn,        Did you mean --json?",
    })
    void what_was_mistyped_is_answered_with_what_there_is(String line, String suggestion) {
        assertThat(refusal(line))
                .contains(suggestion)
                .doesNotContain("demo-writer")
                .hasLineCount(2);
    }

    @Test
    void what_is_like_nothing_is_answered_with_no_command() {
        assertThat(refusal("bogus")).contains("no command is named 'bogus'").doesNotContain("Did you mean");
        assertThat(Said.by(() -> Commands.line().execute("")).err()).contains("no command is named ''");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            label            | Missing required parameter: '[NAME] POINT TEXT'
            label 1          | Missing required parameter: '[NAME] POINT TEXT'
            label a 1 my own | 'own' is one word too many
            pin a 1 b        | 'b' is one word too many
            query select 1 x | 'x' is one word too many: put what has blanks in it in quotes
            diff a b c d     | 'd' is one word too many
            rollback a b --to c | 'b' is one word too many
            report --html no/such/page.html | no/such/page.html does not exist: make it first
            """)
    void words_that_are_missing_or_too_many_are_named(String line, String words) {
        assertThat(refusal(line)).contains(words).hasLineCount(2);
    }

    @ParameterizedTest
    @CsvSource({
        "label,    [NAME] POINT TEXT",
        "pin,      [NAME] POINT",
        "diff,     [NAME] A [B]",
        "query,    [NAME] SQL",
        "rollback, [NAME]"
    })
    void help_shows_what_stands_behind_a_command_once(String command, String words) {
        assertThat(answer(command + " --help").replaceAll("\\s+", " "))
                .contains(" " + words + " ")
                .doesNotContain("...", words + " " + words + " " + words);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            snapshot                         | ''
            snapshot --label before-1.9      | ', labelled before-1.9'
            snapshot --pin                   | ', pinned'
            snapshot --label before-1.9 --pin | ', labelled before-1.9, pinned'
            """)
    void a_snapshot_says_how_its_point_was_marked(String line, String words) {
        ParseResult parsed = Commands.line().parseArgs(words(line));
        assertThat(parsed.subcommand().commandSpec().userObject())
                .isInstanceOfSatisfying(
                        SnapshotCommand.class,
                        snapshot -> assertThat(snapshot.done()).isEqualTo(words));
    }

    @Test
    void json_may_stand_before_the_command_too() {
        for (String line : List.of("--json status orders", "status --json orders", "status orders --json")) {
            ParseResult parsed = Commands.line().parseArgs(words(line));
            assertThat(((CliCommand) parsed.subcommand().commandSpec().userObject()).json())
                    .as(line)
                    .isTrue();
        }
        assertThat(refusal("--json health")).contains("health", "no JSON").hasLineCount(2);
        assertThat(refusal("--json")).contains("no JSON").hasLineCount(2);
    }

    @Test
    void help_and_version_are_commands_and_options_of_every_command() {
        assertThat(answer("help")).isEqualTo(answer("--help")).contains("Exit codes", "130", "143");
        assertThat(answer("help restore")).isEqualTo(answer("restore --help")).contains("--fallback");
        assertThat(answer("version"))
                .matches("(?s)litestow \\S+\\nlitestream .*\\njava \\S+\\n")
                .isEqualTo(answer("--version"));
        for (String command : Commands.line().getSubcommands().keySet()) {
            assertThat(answer(command + " --version")).as(command).isEqualTo(answer("--version"));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --help                  | REPLICA_URL, LITESTOW_FOLDER, Exit codes, snapshot, restore, status
            serve --help            | health, SIGTERM
            snapshot --help         | --keep, --adopt, --timeout, --json, proof
            restore --help          | --replace, --txid, --at, 17 minutes ago, --to, --fallback, --if-exists, --json, quarantine
            status --help           | --json, restore points
            list --help             | --json, restore points, proven
            verify --help           | --json, delete nothing
            config --help           | --json, where each was set, secrets are covered
            prune --help            | --json, --dry-run, retention.keep-for, retention.keep-at-least, newest proven
            health --help           | PROBE, live, started, ready, freshness, container health
            aws-replicate-db --help | SECONDS, deadline, pylts
            aws-restore-db --help   | quarantine, pylts
            """)
    void help_teaches_each_command_without_a_setting_and_without_starting(String line, String words) {
        Said help = Said.by(() -> Commands.run(words(line)));

        assertThat(help.code()).isZero();
        assertThat(help.out()).contains("Usage: litestow").contains(words.split(", ", -1));
        assertThat(help.err()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "backup",
                "--colour",
                "snapshot --colour",
                "snapshot --timeout soon",
                "snapshot --timeout 0s",
                "restore --txid xyz",
                "restore --at 2026-11-21T09:00 --txid 2",
                "restore --to file --replace",
                "restore --to file orders customers",
                "aws-replicate-db soon",
                "aws-replicate-db 0",
                "aws-replicate-db -- -3"
            })
    void a_mistake_is_said_and_points_to_the_help(String line) {
        Said mistake = Said.by(() -> Commands.run(words(line)));

        assertThat(mistake.code()).isEqualTo(ExitCodes.USAGE);
        assertThat(mistake.out()).isEmpty();
        assertThat(mistake.err().lines()).hasSize(2).last().asString().contains("--help");
        assertThat(mistake.err()).doesNotContain("Exception");
    }

    @Test
    void what_this_locale_cannot_read_is_a_mistake_also_in_the_name_of_the_working_folder() {
        for (Said mistake : List.of(
                Said.by(() -> Commands.run("query", "select 'gr\uFFFD\uFFFDn'")),
                Said.by(() -> Commands.runIn("/home/gr\uFFFD\uFFFDn", "list")))) {
            assertThat(mistake.code()).isEqualTo(ExitCodes.USAGE);
            assertThat(mistake.err().lines()).singleElement().asString().contains("gr\uFFFD\uFFFDn", "LC_ALL=C.UTF-8");
        }
    }

    @Test
    void a_command_is_found_by_the_name_that_its_help_shows() {
        assertThat(Commands.names())
                .containsExactlyElementsOf(Commands.line().getSubcommands().keySet());
    }

    @Test
    void nobody_is_led_to_a_hidden_command() {
        assertThat(refusal("trainin")).doesNotContain(TrainingCommand.NAME);
        assertThat(refusal("demo-write")).doesNotContain(DemoWriterCommand.NAME);
    }

    @Test
    void bash_completes_commands_and_options_but_none_that_is_hidden(@TempDir Path folder) throws Exception {
        Path script = Files.writeString(folder.resolve("completion"), answer("completion bash"));
        assertThat(answer("completion zsh")).startsWith("#compdef litestow\n");

        Process bash = new ProcessBuilder(
                        "bash",
                        "-c",
                        ". " + script + "; COMP_WORDS=(litestow ''); COMP_CWORD=1; _complete_litestow;"
                                + " echo \"${COMPREPLY[@]}\"; COMP_WORDS=(litestow restore --f); COMP_CWORD=2;"
                                + " _complete_litestow; echo \"${COMPREPLY[@]}\"")
                // It has words against being called by nobody's key.
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        List<String> said = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();

        assertThat(said).as(said.toString()).hasSize(2);
        assertThat(said.get(0))
                .contains("snapshot", "restore", "report")
                .doesNotContain(DemoWriterCommand.NAME, TrainingCommand.NAME);
        assertThat(said.get(1)).isEqualTo("--fallback --from-versions");
    }

    @Test
    void the_first_line_of_each_help_is_a_sentence_for_it_is_all_that_the_list_shows() {
        assertThat(Commands.line().getSubcommands().values())
                .extracting(command -> command.getCommandSpec().usageMessage().description()[0])
                .allMatch(line -> line.endsWith("."));
    }

    @Test
    void a_name_given_twice_is_one_database() throws Failure {
        DatabaseNames names = new DatabaseNames();
        names.given = List.of("orders", "customers", "orders");

        assertThat(names.among(List.of("customers", "orders"))).containsExactly("orders", "customers");
    }

    /** Only for what starts nothing. */
    private static String answer(String line) {
        StringWriter answer = new StringWriter();
        CommandLine commands = Commands.line().setOut(new PrintWriter(answer));
        assertThat(commands.execute(words(line))).as(line).isZero();
        return answer.toString();
    }

    private static void check(String line) {
        ParseResult parsed = Commands.line().parseArgs(words(line));
        ((CliCommand) parsed.subcommand().commandSpec().userObject()).check();
    }

    /** Only for what is refused: nothing may start here. */
    private static String refusal(String line) {
        Said said = Said.by(() -> Commands.line().execute(words(line)));
        assertThat(said.code()).isEqualTo(ExitCodes.USAGE);
        return said.err();
    }

    private static String[] words(String line) {
        return Arrays.stream(line.split(" ", -1))
                .map(word -> word.replace('_', ' '))
                .toArray(String[]::new);
    }
}
