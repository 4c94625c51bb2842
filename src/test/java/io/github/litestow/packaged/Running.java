package io.github.litestow.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A started process of a test. */
final class Running {
    private final long begun = System.nanoTime();
    private final Process process;
    private final Path out;
    private final Path err;
    private boolean killed;

    Running(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    long pid() {
        return process.pid();
    }

    boolean alive() {
        return process.isAlive();
    }

    /** Returns whether it was ended in a way that gave it no chance to clean up. */
    boolean killed() {
        return killed;
    }

    String err() {
        return read(err);
    }

    /** Sends TERM. */
    void signal() {
        process.destroy();
    }

    /** Sends TERM and waits; the time is that from the signal to the end. */
    Ended terminate() {
        long signalled = System.nanoTime();
        process.destroy();
        return awaitEnd(signalled, PackagedProgram.PATIENCE);
    }

    /** Sends KILL and waits. */
    void kill() {
        killed = true;
        process.destroyForcibly();
        awaitEnd();
    }

    /** Waits until it ends by itself. */
    Ended awaitEnd() {
        return awaitEnd(begun, PackagedProgram.PATIENCE);
    }

    /** Waits until it ends by itself, so long at most. */
    Ended awaitEnd(Duration patience) {
        return awaitEnd(begun, patience);
    }

    private Ended awaitEnd(long since, Duration patience) {
        boolean ended = waitFor(patience);
        assertThat(ended).as("the process ends; it said: " + read(out) + err()).isTrue();
        return new Ended(process.exitValue(), read(out), err(), Duration.ofNanos(System.nanoTime() - since));
    }

    /** Ends it whatever it does. */
    void end() {
        process.destroy();
        if (!waitFor(PackagedProgram.patienceAtEnd())) {
            kill();
        }
    }

    private boolean waitFor(Duration patience) {
        try {
            return process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("nobody interrupts tests", e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
