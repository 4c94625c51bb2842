package io.github.litestow.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.github.litestow.control.Cancellation;
import io.github.litestow.control.Deadline;
import io.github.litestow.control.ProcessIdentity;
import io.github.litestow.engine.EngineRun.Ending;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class EngineProcessTest {
    private static final int LIMIT = 64 * 1024;
    private static final Map<String, String> ENVIRONMENT = Map.of("PATH", System.getenv("PATH"));
    private static final String IGNORES_TERM = "trap '' TERM INT HUP\necho $$ > pid\nwhile :; do sleep 1; done";

    private final RunningEngines running = new RunningEngines(System::nanoTime);
    private final EngineProcess process = new EngineProcess(running);

    @TempDir
    Path folder;

    @AfterEach
    void nothing_runs_any_more() {
        assertThat(running.awaitIdle(Duration.ZERO)).isTrue();
    }

    @Test
    void a_good_run_tells_exit_code_and_both_streams() throws Failure {
        EngineRun run = run("cat; echo out; echo err >&2; exit 3", "fed\n", Duration.ofSeconds(20));
        assertThat(run).isEqualTo(new EngineRun(Ending.EXITED, 3, "fed\nout\n", "err\n", true));
    }

    @Test
    void the_environment_is_the_given_one() throws Failure {
        EngineRun run = run("env | sed 's/=.*//' | sort", "", Duration.ofSeconds(20));
        assertThat(run.output().lines())
                .contains("PATH")
                .isSubsetOf("PATH", "PWD", "SHLVL", "_", "OLDPWD", EngineProcessTree.MARK);
    }

    @Test
    void a_child_that_never_reads_its_input_ends_all_the_same() throws Failure {
        EngineRun run = run("exit 0", "x".repeat(1_000_000), Duration.ofSeconds(20));
        assertThat(run.succeeded()).isTrue();
    }

    @Test
    void what_ignores_term_is_killed_within_the_deadline_and_five_seconds() throws Failure {
        long start = System.nanoTime();
        EngineRun run = run(IGNORES_TERM, "", Duration.ofSeconds(1));
        assertThat(run.ending()).isEqualTo(Ending.DEADLINE);
        assertThat(run.exitCode()).isEqualTo(128 + 9);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(6));
        assertGone("pid");
    }

    @Test
    void what_honours_term_may_tidy_up() throws Failure {
        EngineRun run = run("trap 'echo tidy; exit 7' TERM\nwhile :; do sleep 0.1; done", "", Duration.ofSeconds(1));
        assertThat(run.ending()).isEqualTo(Ending.DEADLINE);
        assertThat(run.exitCode()).isEqualTo(7);
        assertThat(run.output()).isEqualTo("tidy\n");
    }

    @Test
    void a_flood_on_both_streams_ends_and_is_kept_in_bounded_memory() throws Failure {
        String flood = "head -c 100000000 /dev/zero | tr '\\0' x";
        EngineRun run = run(
                "(" + flood + ") >&2 &\n" + flood + "\nwait\necho end\necho 'Error: end' >&2",
                "",
                Duration.ofSeconds(50));
        assertThat(run.succeeded()).isTrue();
        assertThat(run.outputComplete()).isFalse();
        assertThat(run.output()).hasSizeLessThan(3 * LIMIT).endsWith("xend\n");
        assertThat(run.errors()).hasSizeLessThan(3 * LIMIT).endsWith("Error: end\n");
    }

    @Test
    void descendants_that_hold_the_streams_open_go_with_the_engine() throws Failure {
        EngineRun run = run("sleep 300 & echo $! > pid; echo done", "", Duration.ofSeconds(30));
        assertThat(run.succeeded()).isTrue();
        assertThat(run.output()).isEqualTo("done\n");
        assertGone("pid");
    }

    @Test
    void descendants_that_hold_nothing_and_ignore_term_go_with_the_engine() throws Failure {
        run(
                "(trap '' TERM HUP; exec sleep 300) </dev/null >/dev/null 2>&1 & echo $! > pid; exit 0",
                "",
                Duration.ofSeconds(30));
        assertGone("pid");
    }

    @Test
    void descendants_of_a_hanging_engine_go_with_it() throws Failure {
        run("(trap '' TERM HUP; exec sleep 300) & echo $! > pid2; " + IGNORES_TERM, "", Duration.ofSeconds(1));
        assertGone("pid");
        assertGone("pid2");
    }

    @Test
    void cancelling_from_another_thread_ends_it_at_once() {
        Cancellation cancellation = new Cancellation();
        CompletableFuture<EngineRun> run = inBackground(IGNORES_TERM, cancellation);
        awaitPid();
        long start = System.nanoTime();
        cancellation.cancel();
        assertThat(run.join().ending()).isEqualTo(Ending.CANCELLED);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
        assertGone("pid");
    }

    @Test
    void what_may_not_write_any_more_gets_no_time_to_end_well() {
        Cancellation cancellation = new Cancellation();
        CompletableFuture<EngineRun> run = inBackground(
                "trap 'echo late > late; exit 0' TERM\necho $$ > pid\nwhile :; do sleep 0.05; done", cancellation);
        awaitPid();
        cancellation.kill();
        assertThat(run.join().ending()).isEqualTo(Ending.CANCELLED);
        assertGone("pid");
        assertThat(folder.resolve("late")).doesNotExist();
    }

    @Test
    void what_may_not_write_any_more_when_it_was_started_is_never_told_what_to_do() throws Failure {
        Cancellation cancellation = new Cancellation();
        cancellation.lookFirst(cancellation::kill);
        EngineRun run = process.run(
                launch("read order && echo $order > order; sleep 300", "replicate\n", Optional.empty()),
                in(Duration.ofMinutes(1)),
                cancellation);
        assertThat(run.ending()).isEqualTo(Ending.CANCELLED);
        assertThat(folder.resolve("order")).doesNotExist();
    }

    @Test
    void what_is_ending_well_is_killed_once_it_may_not_write_any_more() {
        Cancellation cancellation = new Cancellation();
        CompletableFuture<EngineRun> run = inBackground(
                "trap 'echo $$ > ending; sleep 0.4; echo late > late; exit 0' TERM\necho $$ > pid\n"
                        + "while :; do sleep 0.05; done",
                cancellation);
        awaitPid();
        cancellation.cancel();
        await().until(() -> Files.exists(folder.resolve("ending")));
        cancellation.kill();
        assertThat(run.join().ending()).isEqualTo(Ending.CANCELLED);
        assertGone("pid");
        assertThat(folder.resolve("late")).doesNotExist();
    }

    @Test
    void a_run_that_was_cancelled_before_ends_at_once() throws Failure {
        Cancellation cancellation = new Cancellation();
        cancellation.cancel();
        EngineRun run = process.run(launch("sleep 300", "", Optional.empty()), in(Duration.ofMinutes(1)), cancellation);
        assertThat(run.ending()).isEqualTo(Ending.CANCELLED);
    }

    @Test
    void an_interrupt_ends_it_and_is_kept() throws InterruptedException {
        AtomicBoolean kept = new AtomicBoolean();
        CompletableFuture<EngineRun> result = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                result.complete(process.run(
                        launch(IGNORES_TERM, "", Optional.empty()), in(Duration.ofMinutes(1)), new Cancellation()));
            } catch (Failure e) {
                result.completeExceptionally(e);
            }
            kept.set(Thread.currentThread().isInterrupted());
        });
        thread.start();
        awaitPid();
        thread.interrupt();
        thread.join(10_000);
        assertThat(result.join().ending()).isEqualTo(Ending.CANCELLED);
        assertThat(kept).isTrue();
        assertGone("pid");
    }

    @Test
    void stopping_the_service_ends_what_runs_and_lets_nothing_start() {
        CompletableFuture<EngineRun> run = inBackground(IGNORES_TERM, new Cancellation());
        awaitPid();
        running.close();
        assertThat(run.join().ending()).isEqualTo(Ending.CANCELLED);
        assertGone("pid");
        Failure failure = catchThrowableOfType(Failure.class, () -> run("echo x", "", Duration.ofSeconds(5)));
        assertThat(failure.kind()).isEqualTo(FailureKind.BUSY);
    }

    @Test
    void the_process_is_noted_while_it_runs_and_for_nobody_else_to_read() throws Exception {
        Path stateFolder = folder.resolve("state");
        Cancellation cancellation = new Cancellation();
        CompletableFuture<EngineRun> run = CompletableFuture.supplyAsync(() -> {
            try {
                return process.run(
                        launch(IGNORES_TERM, "", Optional.of(stateFolder)), in(Duration.ofMinutes(1)), cancellation);
            } catch (Failure e) {
                throw new AssertionError(e);
            }
        });
        awaitPid();
        List<Path> notes = PidFile.in(stateFolder);
        assertThat(notes).singleElement().satisfies(note -> {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(note)))
                    .isEqualTo("rw-------");
            assertThat(PidFile.read(note).orElseThrow().engine().orElseThrow().pid())
                    .isEqualTo(pid("pid"));
        });
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(stateFolder)))
                .isEqualTo("rwx------");
        cancellation.cancel();
        run.join();
        assertThat(stateFolder).isEmptyDirectory();
    }

    @Test
    void what_cannot_be_started_is_missing() {
        EngineLaunch launch =
                new EngineLaunch(List.of(folder.resolve("none").toString()), ENVIRONMENT, "", LIMIT, Optional.empty());
        Failure failure = catchThrowableOfType(
                Failure.class, () -> process.run(launch, in(Duration.ofSeconds(5)), new Cancellation()));
        assertThat(failure.kind()).isEqualTo(FailureKind.ENGINE_MISSING);
    }

    private CompletableFuture<EngineRun> inBackground(String body, Cancellation cancellation) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return process.run(launch(body, "", Optional.empty()), in(Duration.ofMinutes(1)), cancellation);
            } catch (Failure e) {
                throw new AssertionError(e);
            }
        });
    }

    private EngineRun run(String body, String input, Duration deadline) throws Failure {
        return process.run(launch(body, input, Optional.empty()), in(deadline), new Cancellation());
    }

    private EngineLaunch launch(String body, String input, Optional<Path> stateFolder) {
        Path script = Given.script(folder, "fake", "cd '" + folder + "'\n" + body);
        return new EngineLaunch(List.of(script.toString()), ENVIRONMENT, input, LIMIT, stateFolder);
    }

    private static Deadline in(Duration duration) {
        return new Deadline(System::nanoTime, duration);
    }

    private void awaitPid() {
        Path file = folder.resolve("pid");
        await().until(() -> Files.exists(file) && !Files.readString(file).isEmpty());
    }

    private long pid(String file) {
        try {
            return Long.parseLong(Files.readString(folder.resolve(file)).strip());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void assertGone(String pidFile) {
        long pid = pid(pidFile);
        // Reaped or at least dead: who reaps an orphan is not up to us.
        await().until(() -> ProcessHandle.of(pid).flatMap(ProcessIdentity::of).isEmpty());
    }
}
