package io.github.litestow.packaged;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * The packaged program's classes as the JVM maps them: with it a start takes two thirds of the time, and
 * the integration tests start the program some three hundred times. Made once for each package, beside
 * it, by whichever of the JVMs of the tests comes first.
 */
final class ClassArchive {
    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    private ClassArchive() {}

    /**
     * Returns the options that use the archive.
     *
     * @param java the JVM and its options, as in each start
     * @param jar the packaged program
     */
    static List<String> options(List<String> java, Path jar) {
        Path archive = jar.resolveSibling("test-classes.jsa");
        // Both JVMs of failsafe come here at the same moment.
        try (FileChannel turn = FileChannel.open(
                        jar.resolveSibling("test-classes.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                var lock = turn.lock()) {
            if (!current(archive, jar)) {
                make(java, jar, archive);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // Not a word of the JVM's own about an archive it cannot use: tests compare what the program prints.
        return List.of("-XX:SharedArchiveFile=" + archive, "-Xlog:disable");
    }

    private static boolean current(Path archive, Path jar) throws IOException {
        return Files.exists(archive)
                && Files.getLastModifiedTime(archive).compareTo(Files.getLastModifiedTime(jar)) > 0;
    }

    /** Has the service start and stop once; the JVM writes the archive at its end. */
    private static void make(List<String> java, Path jar, Path archive) throws IOException {
        Path folder = Files.createTempDirectory("litestow-classes").toRealPath();
        Path made = folder.resolve("made.jsa");
        int port = PackagedProgram.freePort();
        List<String> command = new ArrayList<>(java);
        command.addAll(List.of("-XX:ArchiveClassesAtExit=" + made, "-Xlog:disable", "-jar", jar.toString()));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile());
        builder.environment().clear();
        builder.environment()
                .putAll(Map.of(
                        "PATH", System.getenv("PATH"),
                        "REPLICA_URL", "file://" + folder.resolve("replica"),
                        "LITESTOW_FOLDER", folder.resolve("data").toString(),
                        "QUARKUS_HTTP_HOST", "127.0.0.1",
                        "QUARKUS_HTTP_PORT", Integer.toString(port)));
        Process service = builder.start();
        try {
            Awaitility.await()
                    .alias("a service to take the classes of")
                    .atMost(TIMEOUT)
                    .until(() -> listens(port) || !service.isAlive());
            service.destroy();
            service.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
            Files.move(made, archive, StandardCopyOption.REPLACE_EXISTING);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("nobody interrupts tests", e);
        } finally {
            service.destroyForcibly();
            PackagedProgram.delete(folder);
        }
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
