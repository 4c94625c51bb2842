package io.github.litestow.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.config.TestConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What people are told to type is what the program takes, and links lead somewhere. */
class HowToTest {
    private static final Path ROOT = Path.of(System.getProperty("litestow.test.basedir"));
    private static final Path README = ROOT.resolve("README.md");
    private static final Path HOW_TOS = ROOT.resolve("docs/how-to");

    private static final Pattern BLOCK = Pattern.compile("(?ms)^```sh\\n(.*?)^```");
    /** The program by either name, up to where the shell goes on with something else. */
    private static final Pattern COMMAND =
            Pattern.compile("(?m)(?:^|[\\s/])(?:litestow|quarkus-run\\.jar)(?=\\s|$)((?:'[^']*'|[^'|&;<>#\\n])*)");

    private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");
    private static final Pattern ENVIRONMENT =
            Pattern.compile("\\b(?:LITESTOW_[A-Z0-9_]+|LITESTREAM_[A-Z0-9_]+|REPLICA_URL|DB_SQLITE)\\b");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ +(.+)$");

    @Test
    void every_command_of_the_how_tos_is_understood() throws IOException {
        int commands = 0;
        for (Path document : described()) {
            for (String command : commands(document)) {
                commands++;
                List<String> words = words(command);
                assertThat(understood(words))
                        .as("%s: litestow %s", document, String.join(" ", words))
                        .isEmpty();
            }
        }
        assertThat(commands).as("commands found").isGreaterThan(10);
    }

    @Test
    void every_setting_of_the_how_tos_exists() throws IOException {
        Set<String> known = TestConfig.environmentNames();
        for (Path document : described()) {
            List<String> named = ENVIRONMENT
                    .matcher(Files.readString(document))
                    .results()
                    .map(MatchResult::group)
                    .toList();
            assertThat(known).as(document.toString()).containsAll(named);
        }
    }

    @Test
    void every_link_between_documents_leads_somewhere() throws IOException {
        List<String> broken = new ArrayList<>();
        for (Path document : documents()) {
            Matcher link = LINK.matcher(Files.readString(document));
            while (link.find()) {
                if (!link.group(1).contains("://") && !leadsSomewhere(document, link.group(1))) {
                    broken.add(document + " -> " + link.group(1));
                }
            }
        }
        assertThat(broken).isEmpty();
    }

    private static List<Path> described() throws IOException {
        try (Stream<Path> howTos = Files.list(HOW_TOS)) {
            return Stream.concat(Stream.of(README), howTos.sorted()).toList();
        }
    }

    private static List<Path> documents() throws IOException {
        try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            return Stream.concat(
                            Stream.of(README, ROOT.resolve("CONTRIBUTING.md"), ROOT.resolve("CHANGELOG.md")),
                            docs.filter(file -> file.toString().endsWith(".md")).sorted())
                    .toList();
        }
    }

    private static List<String> commands(Path document) throws IOException {
        return BLOCK.matcher(Files.readString(document))
                .results()
                .flatMap(block -> COMMAND.matcher(block.group(1)).results())
                .map(command -> command.group(1))
                .toList();
    }

    private static List<String> words(String command) {
        return WORD.matcher(command)
                .results()
                .map(word -> word.group(1) != null ? word.group(1) : word.group(2))
                .toList();
    }

    /** Returns what the command line's parser has against the words; empty when nothing. */
    private static String understood(List<String> words) {
        try {
            Commands.line().parseArgs(words.toArray(String[]::new));
            return "";
        } catch (CommandLine.ParameterException e) {
            return e.getMessage();
        }
    }

    private static boolean leadsSomewhere(Path document, String link) throws IOException {
        String file = link.replaceFirst("#.*", "");
        Path target = file.isEmpty()
                ? document
                : document.toAbsolutePath().getParent().resolve(file).normalize();
        if (!Files.exists(target)) {
            return false;
        }
        if (!link.contains("#")) {
            return true;
        }
        return HEADING.matcher(Files.readString(target))
                .results()
                .map(heading -> anchor(heading.group(1)))
                .anyMatch(link.substring(link.indexOf('#') + 1)::equals);
    }

    /** As GitHub makes it. */
    private static String anchor(String heading) {
        return heading.toLowerCase(Locale.ROOT).replaceAll("[^\\w\\- ]", "").replace(' ', '-');
    }
}
