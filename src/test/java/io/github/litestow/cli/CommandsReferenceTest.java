package io.github.litestow.cli;

import static io.github.litestow.ReferenceTable.literal;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.ReferenceTable;
import io.github.litestow.outcome.FailureKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

class CommandsReferenceTest {
    private static final List<String> EVERYWHERE = List.of("NAME", "--json", "--help", "--version");
    private static final List<CommandSpec> COMMANDS = Commands.line().getSubcommands().values().stream()
            .map(CommandLine::getCommandSpec)
            .filter(command -> !command.usageMessage().hidden())
            .toList();

    @Test
    void every_command_is_listed_in_the_words_of_its_help() {
        assertThat(ReferenceTable.read("commands.md", 2).get(0))
                .containsExactlyElementsOf(COMMANDS.stream()
                        .map(command -> ReferenceTable.row(List.of(
                                literal(command.name()),
                                String.join(" ", command.usageMessage().description()))))
                        .toList());
    }

    @Test
    void every_option_is_listed_in_the_words_of_its_help() {
        List<String> options = new ArrayList<>();
        for (CommandSpec command : COMMANDS) {
            Stream.<ArgSpec>concat(command.positionalParameters().stream(), command.options().stream())
                    .filter(option -> !EVERYWHERE.contains(shown(option)))
                    .forEach(option -> options.add(ReferenceTable.row(List.of(
                            literal(command.name()), literal(shown(option)), String.join(" ", option.description())))));
        }

        assertThat(ReferenceTable.read("commands.md", 3).get(1)).containsExactlyElementsOf(options);
    }

    private static String shown(ArgSpec argument) {
        if (argument instanceof OptionSpec option) {
            return option.longestName() + (option.arity().max() > 0 ? " " + option.paramLabel() : "");
        }
        return argument.paramLabel();
    }

    @Test
    void every_command_but_those_that_serve_takes_json() {
        assertThat(COMMANDS)
                .filteredOn(command -> command.findOption("--json") == null)
                .extracting(CommandSpec::name)
                .containsExactlyInAnyOrder("serve", "health", "demo", "completion", "help", "version");
    }

    @Test
    void the_exit_codes_are_those_of_the_failure_kinds() {
        var kinds = new TreeMap<Integer, List<String>>();
        for (FailureKind kind : FailureKind.values()) {
            kinds.computeIfAbsent(ExitCodes.of(kind), absent -> new ArrayList<>())
                    .add(literal(kind.label()));
        }
        kinds.put(ExitCodes.DONE, List.of());
        kinds.put(ExitCodes.NOTHING_TO_RESTORE, List.of());
        kinds.put(ExitCodes.ALARM, List.of());

        assertThat(ReferenceTable.read("exit-codes.md", 2).get(0))
                .containsExactlyElementsOf(kinds.entrySet().stream()
                        .map(code -> ReferenceTable.row(
                                List.of(literal(code.getKey().toString()), String.join(", ", code.getValue()))))
                        .toList());
    }

    @Test
    void every_failure_kind_is_explained() {
        assertThat(ReferenceTable.read("failure-kinds.md", 2).get(0))
                .containsExactlyElementsOf(Arrays.stream(FailureKind.values())
                        .map(kind -> ReferenceTable.row(
                                List.of(literal(kind.label()), literal(Integer.toString(ExitCodes.of(kind))))))
                        .toList());
    }
}
