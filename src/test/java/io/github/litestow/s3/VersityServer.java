package io.github.litestow.s3;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** versitygw 1.8.0 as a process of its own, keeping its objects as files in a folder. */
public final class VersityServer implements S3Server {
    private static final int TRIES = 5;

    private final Process process;
    private final int port;

    private VersityServer(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Starts one over an empty folder. */
    public static VersityServer start(Path folder) {
        for (int attempt = 1; attempt <= TRIES; attempt++) {
            VersityServer server = launch(folder);
            await().atMost(Duration.ofSeconds(20)).until(() -> !server.process.isAlive() || server.listens());
            if (server.process.isAlive()) {
                server.createBucket();
                return server;
            }
            // Somebody took the port between the look and the start.
        }
        throw new IllegalStateException("versitygw does not start; see " + folder.resolve("log"));
    }

    private static VersityServer launch(Path folder) {
        try {
            int port = freePort();
            Path objects = Files.createDirectories(folder.resolve("objects"));
            // It has no port 0. Keys go through the environment, as they should anywhere.
            ProcessBuilder builder = new ProcessBuilder(List.of(
                    System.getProperty("litestow.test.versitygw"),
                    "--port",
                    "127.0.0.1:" + port,
                    "--region",
                    REGION,
                    "posix",
                    objects.toString()));
            builder.environment().put("ROOT_ACCESS_KEY", KEY_ID);
            builder.environment().put("ROOT_SECRET_KEY", SECRET);
            builder.redirectErrorStream(true)
                    .redirectOutput(folder.resolve("log").toFile());
            return new VersityServer(builder.start(), port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private boolean listens() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    @Override
    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + port);
    }

    @Override
    public void close() {
        process.destroyForcibly();
        await().atMost(Duration.ofSeconds(10)).until(() -> !process.isAlive());
    }
}
