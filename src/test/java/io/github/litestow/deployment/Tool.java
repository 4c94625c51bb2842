package io.github.litestow.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A program of somebody else that judges our files. */
final class Tool {

    private Tool() {}

    /** Returns a file of the project. */
    static Path file(String path) {
        return Path.of(System.getProperty("litestow.test.basedir")).resolve(path);
    }

    /** Returns what the build fetched for its tests. */
    static Path fetched(String name) {
        return Path.of(System.getProperty("litestow.test.tools")).resolve(name);
    }

    /** Runs it to its end, which must be a good one, and returns what it said. */
    static String run(Map<String, String> variables, List<String> command) {
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().putAll(variables);
            Process process = builder.start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor())
                    .as(String.join(" ", command) + " says:%n" + said.replace("%", "%%"))
                    .isZero();
            return said;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    command.get(0) + " cannot be started; .ci/run installs what the tests need", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("nobody interrupts tests", e);
        }
    }
}
