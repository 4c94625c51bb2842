package io.github.litestow.faults;

import io.github.litestow.host.Host;
import io.github.litestow.s3.S3Server;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A command of the packaged program over a trial's database, to be killed. It is pruned to what {@link #KEPT} says. */
final class CommandProcess implements AutoCloseable {
    /** Two points, those that are pinned, and the newest proven. */
    static final int KEPT = 2;

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Process process;

    CommandProcess(World world, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx96m",
                "-jar",
                System.getProperty("litestow.test.jar")));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(world.folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(world.folder.resolve("command.out").toFile());
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(name -> !name.equals("PATH"));
        environment.put("HOME", world.folder.toString());
        environment.put("LITESTOW_FOLDER", world.data.toString());
        environment.put("DB_SQLITE", String.valueOf(world.db().getFileName()));
        environment.put("LITESTOW_LITESTREAM_BINARY", Host.realEngine().toString());
        environment.put("LITESTOW_RETENTION_KEEP_FOR", "PT0S");
        environment.put("LITESTOW_RETENTION_KEEP_AT_LEAST", String.valueOf(KEPT));
        environment.put("LITESTOW_RETENTION_GRACE", "PT0S");
        environment.put("REPLICA_URL", world.settings().replica().url());
        world.settings().s3().endpoint().ifPresent(endpoint -> {
            environment.put("LITESTREAM_ACCESS_KEY_ID", S3Server.KEY_ID);
            environment.put("LITESTREAM_SECRET_ACCESS_KEY", S3Server.SECRET);
            environment.put("LITESTOW_S3_ENDPOINT", endpoint);
            environment.put("LITESTOW_S3_REGION", S3Server.REGION);
        });
        process = builder.start();
    }

    boolean alive() {
        return process.isAlive();
    }

    /** SIGTERM or SIGKILL. */
    void signal(boolean term) {
        if (term) {
            process.toHandle().destroy();
        } else {
            process.toHandle().destroyForcibly();
        }
    }

    /** Waits for a time, or for the end. */
    void await(Duration most) throws InterruptedException {
        process.waitFor(most.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Waits for the end; returns the exit code. */
    int exitCode() throws InterruptedException {
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new IllegalStateException("the command does not end");
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
