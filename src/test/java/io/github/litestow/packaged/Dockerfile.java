package io.github.litestow.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The instructions of a Dockerfile, so far as ours use them. */
final class Dockerfile {
    private static final Pattern FROM = Pattern.compile("(\\S+)(?: AS (\\S+))?");
    private static final Pattern COPY = Pattern.compile("(?:--from=(\\S+) )?(\\S+) (\\S+)");
    private static final Pattern VARIABLE = Pattern.compile("(\\w+)=(?:\"([^\"]*)\"|(\\S+))");
    private static final String LAST = "";

    private final Map<String, List<String>> stages = new LinkedHashMap<>();
    private final Map<String, String> bases = new LinkedHashMap<>();

    private Dockerfile() {}

    /** Reads one. */
    static Dockerfile read(Path file) {
        Dockerfile read = new Dockerfile();
        String stage = "?";
        try {
            String text = Files.readString(file).replaceAll("(?m)^#.*\n", "").replaceAll("\\\\\n\\s*", "");
            for (String line : text.lines().filter(line -> !line.isBlank()).toList()) {
                Matcher from = FROM.matcher(line.replaceFirst("^FROM ", ""));
                if (line.startsWith("FROM ") && from.matches()) {
                    stage = from.group(2) == null ? LAST : from.group(2);
                    read.bases.put(stage, from.group(1));
                    read.stages.put(stage, new ArrayList<>());
                } else {
                    read.stages
                            .computeIfAbsent(stage, name -> new ArrayList<>())
                            .add(line.strip());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return read;
    }

    /** What is copied into the last stage and those it stands on. */
    List<Copy> copies() {
        return instructions("COPY").stream()
                .map(line -> {
                    Matcher copy = COPY.matcher(line);
                    assertThat(copy.matches())
                            .as("a COPY that this test understands: " + line)
                            .isTrue();
                    return new Copy(copy.group(1) == null ? "" : copy.group(1), copy.group(2), copy.group(3));
                })
                .toList();
    }

    /** The variables of the last stage and those it stands on. */
    Map<String, String> environment() {
        Map<String, String> variables = new LinkedHashMap<>();
        for (String line : instructions("ENV")) {
            Matcher variable = VARIABLE.matcher(line);
            while (variable.find()) {
                variables.put(variable.group(1), variable.group(2) == null ? variable.group(3) : variable.group(2));
            }
        }
        return variables;
    }

    /** The words of an instruction in exec form. */
    List<String> words(String instruction) {
        String line = value(instruction);
        try {
            return List.of(new ObjectMapper().readValue(line.substring(line.indexOf('[')), String[].class));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(instruction + " is not in exec form: " + line, e);
        }
    }

    /** The value of an instruction that is there once. */
    String value(String instruction) {
        List<String> values = instructions(instruction);
        assertThat(values).as(instruction).hasSize(1);
        return values.get(0);
    }

    private List<String> instructions(String name) {
        List<String> found = new ArrayList<>();
        List<String> chain = new ArrayList<>();
        for (String stage = LAST; stages.containsKey(stage) && !chain.contains(stage); stage = bases.get(stage)) {
            chain.add(0, stage);
        }
        for (String stage : chain) {
            stages.get(stage).stream()
                    .filter(line -> line.startsWith(name + " "))
                    .map(line -> line.substring(name.length() + 1).strip())
                    .forEach(found::add);
        }
        return found;
    }

    /**
     * One COPY.
     *
     * @param stage where from; empty: the build's own files
     */
    record Copy(String stage, String from, String to) {}
}
