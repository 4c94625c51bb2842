package io.github.litestow.engine;

import io.github.litestow.control.Cancellation;
import io.github.litestow.control.DaemonThreads;
import io.github.litestow.control.Deadline;
import io.github.litestow.engine.EngineRun.Ending;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;

/**
 * Runs engine processes, and is the only place of Litestow that starts any: both streams drained at
 * once in bounded memory, one deadline, TERM, a grace, KILL, and nothing left behind.
 *
 * <p>After the deadline it takes at most 2 s of grace, 1 s to reap and 1 s for streams that something
 * still holds open, so {@link #run} ends within the deadline plus five seconds. Safe for concurrent
 * use.
 */
final class EngineProcess implements EngineRunner {
    private static final Logger LOG = Logger.getLogger(EngineProcess.class);

    private static final Duration GRACE_AT_DEADLINE = Duration.ofSeconds(2);
    private static final Duration GRACE_WHEN_CANCELLED = Duration.ofMillis(500);
    private static final Duration REAP = Duration.ofSeconds(1);
    private static final Duration LAST_OUTPUT = Duration.ofSeconds(1);
    private static final int TAIL = 64 * 1024;

    private final RunningEngines running;

    EngineProcess(RunningEngines running) {
        this.running = running;
    }

    @Override
    public EngineRun run(EngineLaunch launch, Deadline deadline, Cancellation cancellation) throws Failure {
        String mark = UUID.randomUUID().toString();
        // Announced before it starts: a kill of this JVM in between must not leave it unnoticed.
        PidFile announced = PidFile.announce(mark);
        Optional<Path> note = write(announced, launch);
        try {
            return run(launch, startAnnounced(launch, mark), announced, deadline, cancellation);
        } finally {
            forget(note);
        }
    }

    private EngineRun run(
            EngineLaunch launch, Process process, PidFile announced, Deadline deadline, Cancellation cancellation)
            throws Failure {
        EngineProcessTree family = new EngineProcessTree(process.toHandle(), announced.mark());
        CompletableFuture<Ending> ending = new CompletableFuture<>();
        Member engine = new Member(ending, family);
        running.add(engine);
        try {
            // Not process.onExit(): it shares the common pool with whatever else blocks there.
            CompletableFuture<Void> exited = onItsOwnThread("exit", () -> {
                reap(process);
                ending.complete(Ending.EXITED);
            });
            write(announced.started(process.toHandle()), launch);
            // Who may not write any more gets no time to end well: the engine, which does the writing, first.
            try (Cancellation.Registration killing = cancellation.onKill(engine::killFirst);
                    Cancellation.Registration cancelling = cancellation.onCancel(engine::cancel)) {
                return see(process, exited, family, launch, deadline, ending, cancellation);
            }
        } finally {
            // Whatever went wrong above, and whatever an engine that ended by itself left running.
            family.kill();
            // Before the last word to a JVM that waits for it in order to stop.
            forget(launch.stateFolder().map(announced::fileIn));
            running.remove(engine);
        }
    }

    private Process startAnnounced(EngineLaunch launch, String mark) throws Failure {
        running.announce();
        boolean started = false;
        try {
            Process process = start(launch, mark);
            started = true;
            return process;
        } finally {
            if (!started) {
                running.withdraw();
            }
        }
    }

    private static Process start(EngineLaunch launch, String mark) throws Failure {
        ProcessBuilder builder = new ProcessBuilder(launch.command());
        builder.environment().clear();
        builder.environment().putAll(launch.environment());
        builder.environment().put(EngineProcessTree.MARK, mark);
        try {
            return builder.start();
        } catch (IOException e) {
            throw new Failure(
                    FailureKind.ENGINE_MISSING,
                    "cannot start " + launch.command().get(0) + ": " + e.getMessage(),
                    EngineLocator.HINT,
                    e);
        }
    }

    private static Optional<Path> write(PidFile note, EngineLaunch launch) throws Failure {
        return launch.stateFolder().isEmpty()
                ? Optional.empty()
                : Optional.of(note.write(launch.stateFolder().get()));
    }

    private static void forget(Optional<Path> note) {
        try {
            if (note.isPresent()) {
                PidFile.remove(note.get());
            }
        } catch (Failure e) {
            // No reason to call a good run bad: a note about a dead process leads nobody astray.
            LOG.warn(e.getMessage(), e);
        }
    }

    private static void reap(Process process) {
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        }
    }

    private static EngineRun see(
            Process process,
            CompletableFuture<Void> exited,
            EngineProcessTree family,
            EngineLaunch launch,
            Deadline deadline,
            CompletableFuture<Ending> ending,
            Cancellation cancellation) {
        BoundedOutput output = new BoundedOutput(launch.outputLimit(), TAIL);
        BoundedOutput errors = new BoundedOutput(TAIL, TAIL);
        CompletableFuture<Void> drained = CompletableFuture.allOf(
                onItsOwnThread("stdout", () -> output.drain(process.getInputStream())),
                onItsOwnThread("stderr", () -> errors.drain(process.getErrorStream())));
        CompletableFuture<Void> fed = onItsOwnThread("stdin", () -> {
            // Until it is told what to do it does nothing; this process may have been frozen since it was started.
            if (cancellation.mayBegin()) {
                feed(process.getOutputStream(), launch.input());
            }
        });

        boolean interrupted = false;
        Ending end;
        try {
            end = ending.get(deadline.left().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            end = Ending.DEADLINE;
        } catch (ExecutionException e) {
            throw new IllegalStateException("waiting for a process failed", e);
        } catch (InterruptedException e) {
            interrupted = true;
            end = Ending.CANCELLED;
        }
        if (end != Ending.EXITED) {
            if (!cancellation.killed()) {
                family.terminate();
                interrupted |= awaitOrKill(exited, end, cancellation);
            }
            family.kill();
            interrupted |= await(exited, REAP);
        } else if (!drained.isDone()) {
            interrupted |= await(drained, LAST_OUTPUT);
        }
        if (!drained.isDone()) {
            // Something holds the streams open: a descendant, which goes now.
            family.kill();
            interrupted |= await(drained, LAST_OUTPUT);
        }
        report(fed);
        report(drained);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        int exitCode = process.isAlive() ? -1 : process.exitValue();
        return new EngineRun(end, exitCode, output.text(), errors.text(), drained.isDone() && !output.truncated());
    }

    private static boolean awaitOrKill(CompletableFuture<Void> exited, Ending end, Cancellation cancellation) {
        CompletableFuture<Void> over = new CompletableFuture<>();
        try (Cancellation.Registration killed = cancellation.onKill(() -> over.complete(null))) {
            Duration grace = end == Ending.DEADLINE ? GRACE_AT_DEADLINE : GRACE_WHEN_CANCELLED;
            return await(CompletableFuture.anyOf(exited, over), grace);
        }
    }

    private static CompletableFuture<Void> onItsOwnThread(String name, Runnable work) {
        // Four for each engine that works: streams that are not drained at once would stop it.
        return CompletableFuture.runAsync(work, task -> DaemonThreads.start("litestream " + name, task));
    }

    private static void feed(OutputStream stdin, String input) {
        try (stdin) {
            stdin.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for something, not for ever; returns whether this thread was interrupted meanwhile. */
    private static boolean await(CompletableFuture<?> future, Duration patience) {
        try {
            future.get(patience.toNanos(), TimeUnit.NANOSECONDS);
            return false;
        } catch (InterruptedException e) {
            return true;
        } catch (TimeoutException | ExecutionException e) {
            // Seen by the caller, who asks for what it waited for.
            LOG.debug("waited in vain for a process or its streams", e);
            return false;
        }
    }

    private static void report(CompletableFuture<Void> streams) {
        if (streams.isCompletedExceptionally()) {
            // A child that ended early breaks its pipes; its exit code and output tell the rest.
            streams.exceptionally(e -> {
                LOG.debug("a stream of the engine broke", e);
                return null;
            });
        }
    }

    private record Member(CompletableFuture<Ending> ending, EngineProcessTree family) implements RunningEngines.Engine {
        @Override
        public void cancel() {
            ending.complete(Ending.CANCELLED);
        }

        @Override
        public void kill() {
            family.kill();
        }

        /** Ends the engine itself without looking for what it started; its run then ends the rest. */
        void killFirst() {
            ending.complete(Ending.CANCELLED);
            family.killEngine();
        }

        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }
}
