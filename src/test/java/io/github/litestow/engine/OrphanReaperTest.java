package io.github.litestow.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.litestow.control.Cancellation;
import io.github.litestow.control.Deadline;
import io.github.litestow.control.ProcessIdentity;
import io.github.litestow.outcome.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class OrphanReaperTest {
    private static final ProcessIdentity DEAD_OWNER = new ProcessIdentity(Long.MAX_VALUE, "never");

    private final List<Process> started = new ArrayList<>();

    @TempDir
    Path folder;

    Path stateFolder;

    @BeforeEach
    void a_state_folder() throws IOException {
        stateFolder = Files.createDirectory(folder.resolve("state"));
    }

    @AfterEach
    void end_what_was_started() {
        started.forEach(Process::destroyForcibly);
    }

    @Test
    void an_engine_whose_jvm_was_killed_is_ended() throws Exception {
        Process jvm = startOwner();
        ProcessHandle engine = awaitEngine();

        assertThat(OrphanReaper.reap(stateFolder)).as("its JVM lives").isZero();
        assertThat(ProcessIdentity.of(engine)).isPresent();

        jvm.destroyForcibly().waitFor();
        assertThat(ProcessIdentity.of(engine)).as("it outlived its JVM").isPresent();
        assertThat(OrphanReaper.reap(stateFolder)).isEqualTo(1);
        assertThat(ProcessIdentity.of(engine)).isEmpty();
        assertThat(stateFolder).isEmptyDirectory();
    }

    @Test
    void a_jvm_that_is_told_to_stop_takes_its_engine_along() throws Exception {
        Process jvm = startOwner();
        ProcessHandle engine = awaitEngine();
        jvm.destroy();
        assertThat(jvm.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(ProcessIdentity.of(engine)).isEmpty();
        assertThat(PidFile.in(stateFolder)).isEmpty();
    }

    @Test
    void another_process_with_the_same_pid_is_left_alone() throws Exception {
        ProcessHandle sleep = start("sleep", "300").toHandle();
        note(Optional.of(new ProcessIdentity(sleep.pid(), "earlier")), PidFile.commandOf(sleep))
                .write(stateFolder);
        assertThat(OrphanReaper.reap(stateFolder)).isZero();
        assertThat(sleep.isAlive()).isTrue();
        assertThat(stateFolder).isEmptyDirectory();
    }

    @Test
    void a_process_that_runs_another_program_is_left_alone() throws Exception {
        ProcessHandle sleep = start("sleep", "300").toHandle();
        note(ProcessIdentity.of(sleep), "/usr/bin/litestream").write(stateFolder);
        assertThat(OrphanReaper.reap(stateFolder)).isZero();
        assertThat(sleep.isAlive()).isTrue();
    }

    @Test
    void the_identity_that_was_noted_is_the_one_that_is_found_again() throws Exception {
        ProcessHandle sleep = start("sleep", "300").toHandle();
        PidFile note = note(ProcessIdentity.of(sleep), PidFile.commandOf(sleep));
        assertThat(PidFile.read(note.write(stateFolder))).contains(note);
        assertThat(OrphanReaper.reap(stateFolder)).isEqualTo(1);
        await().until(() -> !sleep.isAlive());
    }

    @Test
    void an_engine_that_could_not_be_noted_before_its_jvm_was_killed_is_known_by_its_mark() throws Exception {
        ProcessHandle sleep = start("env", EngineProcessTree.MARK + "=0123456789", "sleep", "300")
                .toHandle();
        await().until(() -> EngineProcessTree.marked("0123456789").contains(sleep));
        new PidFile("0123456789", DEAD_OWNER, Optional.empty(), "").write(stateFolder);
        assertThat(OrphanReaper.reap(stateFolder)).isEqualTo(1);
        await().until(() -> !sleep.isAlive());
    }

    @Test
    void a_note_that_is_none_is_removed() throws Exception {
        Files.writeString(stateFolder.resolve("engine.pid"), "{\"engine\":");
        Files.writeString(stateFolder.resolve("engine.1.pid"), "{}");
        assertThat(OrphanReaper.reap(stateFolder)).isZero();
        assertThat(stateFolder).isEmptyDirectory();
    }

    @Test
    void no_state_folder_is_no_orphan() throws Failure {
        assertThat(OrphanReaper.reap(folder.resolve("none"))).isZero();
    }

    private static PidFile note(Optional<ProcessIdentity> engine, String command) {
        return new PidFile("a-mark-that-nobody-carries", DEAD_OWNER, engine, command);
    }

    private Process startOwner() throws IOException {
        Path script = Given.script(
                folder, "engine", "trap '' TERM\necho $$ > '" + folder + "/pid'\nwhile :; do sleep 1; done");
        return start(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                HangingOwner.class.getName(),
                script.toString(),
                stateFolder.toString());
    }

    private ProcessHandle awaitEngine() throws IOException {
        Path pid = folder.resolve("pid");
        await().atMost(Duration.ofSeconds(30))
                .until(() -> Files.exists(pid) && !Files.readString(pid).isEmpty());
        return ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).orElseThrow();
    }

    private Process start(String... command) throws IOException {
        Process process = new ProcessBuilder(command).inheritIO().start();
        started.add(process);
        return process;
    }

    /** A JVM that runs an engine until it is told to stop, or killed. */
    static final class HangingOwner {
        private HangingOwner() {}

        public static void main(String[] arguments) throws Failure {
            EngineLaunch launch = new EngineLaunch(
                    List.of(arguments[0]),
                    Map.of("PATH", System.getenv("PATH")),
                    "",
                    1024,
                    Optional.of(Path.of(arguments[1])));
            RunningEngines running = new RunningEngines(System::nanoTime);
            Runtime.getRuntime().addShutdownHook(new Thread(running::close));
            new EngineProcess(running)
                    .run(launch, new Deadline(System::nanoTime, Duration.ofMinutes(5)), new Cancellation());
        }
    }
}
