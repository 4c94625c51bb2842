package io.github.litestow.s3;

import static org.awaitility.Awaitility.await;

import io.github.litestow.config.ObjectLock;
import io.github.litestow.config.S3Settings;
import io.github.litestow.config.S3Storing;
import io.github.litestow.config.Secret;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ObjectLockEnabled;
import software.amazon.awssdk.services.s3.model.ObjectLockRetentionMode;

/** versitygw 1.8.0 as a process of its own, keeping its objects as files in a folder. */
public final class VersityServer implements S3Server {
    private static final int TRIES = 5;
    private static final String WRITER_ID = "AKIALITESTOWWRITER";
    private static final String WRITER_SECRET = "WriterOfTheTests";

    private static final String WRITER_POLICY = """
            {"Version": "2012-10-17", "Statement": [
              {"Effect": "Allow", "Principal": {"AWS": ["WRITER"]}, "Resource": "arn:aws:s3:::bucket",
               "Action": ["s3:ListBucket", "s3:ListBucketVersions", "s3:ListBucketMultipartUploads",
                          "s3:GetBucketVersioning", "s3:GetBucketObjectLockConfiguration"]},
              {"Effect": "Allow", "Principal": {"AWS": ["WRITER"]}, "Resource": "arn:aws:s3:::bucket/*",
               "Action": ["s3:GetObject", "s3:GetObjectVersion", "s3:PutObject", "s3:AbortMultipartUpload"]}]}
            """.replace("WRITER", WRITER_ID);

    private final Process process;
    private final int port;

    private VersityServer(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Starts one over an empty folder. */
    public static VersityServer start(Path folder) {
        VersityServer server = started(folder, List.of());
        server.createBucket();
        return server;
    }

    /**
     * Starts one that keeps versions, whose bucket has an object lock with a default retention, and a user who
     * may read and write there and delete nothing.
     */
    public static VersityServer startLocked(Path folder, ObjectLockRetentionMode mode) throws IOException {
        VersityServer server = started(folder, List.of("--versioning-dir", made(folder, "versions")));
        S3Client root = Administrator.of(server.endpoint());
        root.createBucket(create -> create.bucket(BUCKET).objectLockEnabledForBucket(true));
        root.putObjectLockConfiguration(put -> put.bucket(BUCKET)
                .objectLockConfiguration(lock -> lock.objectLockEnabled(ObjectLockEnabled.ENABLED)
                        .rule(rule -> rule.defaultRetention(
                                retention -> retention.mode(mode).days(1)))));
        server.createUser(folder);
        root.putBucketPolicy(put -> put.bucket(BUCKET).policy(WRITER_POLICY));
        return server;
    }

    private static VersityServer started(Path folder, List<String> options) {
        for (int attempt = 1; attempt <= TRIES; attempt++) {
            VersityServer server = launch(folder, options);
            await().atMost(Duration.ofSeconds(20)).until(() -> !server.process.isAlive() || server.listens());
            if (server.process.isAlive()) {
                return server;
            }
            // Somebody took the port between the look and the start.
        }
        throw new IllegalStateException("versitygw does not start; see " + folder.resolve("log"));
    }

    private static String made(Path folder, String name) throws IOException {
        return Files.createDirectories(folder.resolve(name)).toString();
    }

    private void createUser(Path folder) throws IOException {
        ProcessBuilder create = new ProcessBuilder(
                System.getProperty("litestow.test.versitygw"),
                "admin",
                "--access",
                KEY_ID,
                "--secret",
                SECRET,
                "--endpoint-url",
                endpoint().toString(),
                "create-user",
                "--access",
                WRITER_ID,
                "--secret",
                WRITER_SECRET,
                "--role",
                "user");
        Process process = create.redirectErrorStream(true)
                .redirectOutput(folder.resolve("admin-log").toFile())
                .start();
        await().atMost(Duration.ofSeconds(20)).until(() -> !process.isAlive());
        if (process.exitValue() != 0) {
            throw new IllegalStateException(Files.readString(folder.resolve("admin-log")));
        }
    }

    /** Returns the settings of who may write and delete nothing. */
    public S3Settings writerSettings(ObjectLock lock) {
        S3Settings root = settings();
        return new S3Settings(
                Optional.of(new Secret(WRITER_ID)),
                Optional.of(new Secret(WRITER_SECRET)),
                Optional.empty(),
                root.endpoint(),
                root.region(),
                true,
                new S3Storing(Optional.empty(), Optional.empty(), lock));
    }

    /** Returns a client with the keys of who may write and delete nothing. */
    public S3Client writer() {
        return Administrator.client(endpoint(), WRITER_ID, WRITER_SECRET);
    }

    /** Returns a client that may do everything. */
    public S3Client root() {
        return Administrator.of(endpoint());
    }

    private static VersityServer launch(Path folder, List<String> more) {
        try {
            int port = freePort();
            Path objects = Files.createDirectories(folder.resolve("objects"));
            // It has no port 0. Keys go through the environment, as they should anywhere.
            List<String> command = new ArrayList<>(List.of(
                    System.getProperty("litestow.test.versitygw"),
                    "--port",
                    "127.0.0.1:" + port,
                    "--region",
                    REGION,
                    "--iam-dir",
                    made(folder, "iam"),
                    "posix"));
            command.addAll(more);
            command.add(objects.toString());
            ProcessBuilder builder = new ProcessBuilder(command);
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
