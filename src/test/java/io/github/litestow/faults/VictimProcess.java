package io.github.litestow.faults;

import io.github.litestow.host.Host;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A {@link Victim} seen from outside. */
final class VictimProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String END = "end of output";

    private final Process process;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final List<String> seen = new ArrayList<>();

    /** Starts one; {@code wrapper} goes before {@code java}. */
    VictimProcess(List<String> wrapper, Path data, Path replica, String doing, String waitAt) throws IOException {
        this(wrapper, data, replica.toString(), doing, waitAt);
    }

    private VictimProcess(List<String> wrapper, Path data, String replica, String doing, String waitAt)
            throws IOException {
        List<String> command = new ArrayList<>(wrapper);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx128m",
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                "-Dlitestow.test.litestream=" + Host.realEngine(),
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                Victim.class.getName(),
                data.toString(),
                replica,
                doing,
                waitAt));
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        Thread reader = new Thread(() -> read(out), "victim");
        reader.setDaemon(true);
        reader.start();
    }

    VictimProcess(World world, String doing, String waitAt) throws IOException {
        this(List.of(), world.data, world.tuning.whereReplica(world.replica), doing, waitAt);
    }

    private void read(BufferedReader out) {
        try (out) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                lines.add(line);
            }
        } catch (IOException e) {
            lines.add("error " + e);
        }
        lines.add(END);
    }

    /** Waits for a line; empty when the process ends without it. */
    Optional<String> await(Predicate<String> wanted) throws InterruptedException {
        while (true) {
            String line = lines.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (line == null) {
                throw new IllegalStateException("the victim says nothing; so far: " + seen);
            }
            seen.add(line);
            if (line.equals(END)) {
                return Optional.empty();
            }
            if (wanted.test(line)) {
                return Optional.of(line);
            }
        }
    }

    Optional<String> await(String start) throws InterruptedException {
        return await(line -> line.startsWith(start));
    }

    /** Waits for a time, or for the end of the process. */
    void awaitEnd(Duration most) throws InterruptedException {
        process.waitFor(most.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Lets it go on from where it waits. */
    void answer() throws IOException {
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();
    }

    boolean alive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    List<ProcessHandle> engines() {
        return process.toHandle().descendants().toList();
    }

    void term() {
        process.toHandle().destroy();
    }

    /** SIGKILL, and waits until the kernel has given up its locks. */
    void kill() throws InterruptedException {
        process.toHandle().destroyForcibly();
        process.waitFor(30, TimeUnit.SECONDS);
    }

    List<String> seen() {
        return seen;
    }

    @Override
    public void close() throws InterruptedException {
        engines().forEach(ProcessHandle::destroyForcibly);
        kill();
    }
}
