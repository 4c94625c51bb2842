package io.github.litestow.notify;

import io.github.litestow.control.Cancellation;
import io.github.litestow.control.DaemonThreads;
import io.github.litestow.outcome.ErrorText;
import io.github.litestow.outcome.TimeText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Runs a command of a person's own to its end, or ends it with all that it started. It inherits this
 * process' environment but for the secrets of Litestow. Safe for concurrent use.
 */
final class HookProcess {
    private static final int SHOWN = 200;
    private static final int BUFFER = 8 * 1024;
    private static final Duration LAST_OUTPUT = Duration.ofSeconds(1);

    private final Predicate<String> secret;

    /**
     * Wires it.
     *
     * @param secret which variables commands do not get, by their names
     */
    HookProcess(Predicate<String> secret) {
        this.secret = secret;
    }

    /**
     * Runs a command.
     *
     * @param timeout after which it is ended
     * @return what went wrong, for a person; empty when it ended with 0
     */
    Optional<String> run(String command, Map<String, String> variables, Duration timeout, Cancellation cancellation) {
        ProcessBuilder builder = new ProcessBuilder(List.of("/bin/sh", "-c", command)).redirectErrorStream(true);
        builder.environment().keySet().removeIf(secret);
        builder.environment().putAll(variables);
        try {
            Process process = builder.start();
            try (Cancellation.Registration registered = cancellation.onCancel(() -> end(process))) {
                return see(process, timeout, cancellation);
            } finally {
                end(process);
            }
        } catch (IOException e) {
            return Optional.of("it cannot be started: " + ErrorText.of(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("it was ended: this process stops");
        }
    }

    private static Optional<String> see(Process process, Duration timeout, Cancellation cancellation)
            throws IOException, InterruptedException {
        process.getOutputStream().close();
        LastLine last = new LastLine();
        DaemonThreads.start("output of a hook", () -> last.read(process.getInputStream()));
        boolean ended = process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
        if (cancellation.cancelled()) {
            return Optional.of("it was ended: the run is to stop");
        }
        if (!ended) {
            return Optional.of("it did not end within " + TimeText.limit(timeout));
        }
        last.await(LAST_OUTPUT);
        return process.exitValue() == 0
                ? Optional.empty()
                : Optional.of("it ended with exit code " + process.exitValue() + last.words());
    }

    private static void end(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    /** What a command said last; the rest is read and dropped. */
    private static final class LastLine {
        private String line = "";
        private boolean done;

        void read(InputStream output) {
            try (output) {
                byte[] buffer = new byte[BUFFER];
                for (int read = output.read(buffer); read >= 0; read = output.read(buffer)) {
                    remember(new String(buffer, 0, read, StandardCharsets.UTF_8));
                }
            } catch (IOException e) {
                remember("");
            } finally {
                finish();
            }
        }

        private synchronized void remember(String text) {
            line = text.lines()
                    .filter(one -> !one.isBlank())
                    .reduce((a, b) -> b)
                    .orElse(line);
        }

        private synchronized void finish() {
            done = true;
            notifyAll();
        }

        synchronized void await(Duration most) throws InterruptedException {
            long end = System.nanoTime() + most.toNanos();
            long left = most.toMillis();
            while (!done && left > 0) {
                wait(left);
                left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            }
        }

        synchronized String words() {
            String text = line.strip().replaceAll("\\p{Cntrl}", "?");
            return text.isEmpty() ? "" : ", and said: " + text.substring(0, Math.min(SHOWN, text.length()));
        }
    }
}
