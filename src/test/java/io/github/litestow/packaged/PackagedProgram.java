package io.github.litestow.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.litestow.application.Python;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The packaged program in a folder of its own, with an environment that holds nothing of ours. After
 * each test, whatever was started is ended by its pid, and an engine that outlived the program fails
 * the test.
 */
final class PackagedProgram implements BeforeEachCallback, AfterEachCallback {
    /** Far more than anything here needs on a loaded machine. */
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final String TERMINAL =
            "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))";

    private static final Duration END = Duration.ofSeconds(10);

    private final Map<String, String> environment = new TreeMap<>();
    private final List<Running> started = new ArrayList<>();
    private Path root;

    /** With a small heap, as in a small container: what is not bounded runs out of it. */
    private static List<String> onJvm(Path jar, String archive) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx96m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1"));
        // Made by the build. Not a word of the JVM's own about one it cannot use: tests compare what is printed.
        command.addAll(List.of("-XX:SharedArchiveFile=" + jar.resolveSibling(archive), "-Xlog:disable"));
        command.addAll(List.of("-jar", jar.toString()));
        return List.copyOf(command);
    }

    /** Returns a wait that a loaded machine does not break. */
    static ConditionFactory patiently() {
        return await().atMost(PATIENCE).pollInterval(Duration.ofMillis(50));
    }

    /** Returns the words that start the packaged program as bin/litestow does: the jar, or with -Dnative the executable. */
    static List<String> program(String replicaUrl) {
        return Boolean.getBoolean("litestow.test.native")
                ? List.of(property("native.image.path"), "-Xmx96m")
                : onJvm(
                        Path.of(property("litestow.test.jar")),
                        replicaUrl.startsWith("s3://") ? "app-s3.jsa" : "app.jsa");
    }

    private static List<String> program(Map<String, String> variables) {
        return program(variables.getOrDefault("REPLICA_URL", ""));
    }

    /** Returns what the build tells its tests. */
    static String property(String name) {
        String value = System.getProperty(name);
        assertThat(value)
                .as("the system property " + name + ", set by failsafe")
                .isNotNull();
        return value;
    }

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        open();
    }

    /** Makes the folder of everything. */
    void open() throws IOException {
        root = Files.createTempDirectory("litestow-it").toRealPath();
        Files.createDirectories(work());
        Files.createDirectories(root.resolve("logs"));
        for (String name : List.of("PATH", "LANG", "LC_ALL", "TZ")) {
            if (System.getenv(name) != null) {
                environment.put(name, System.getenv(name));
            }
        }
        environment.put("HOME", work().toString());
        environment.put("REPLICA_URL", replicaUrl());
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        close();
    }

    /** Ends what was started, by its pid, and deletes everything. */
    void close() throws IOException {
        boolean killed = started.stream().anyMatch(Running::killed);
        started.forEach(Running::end);
        List<ProcessHandle> left = Processes.workingIn(root);
        List<String> commands = left.stream().map(Processes::describe).toList();
        left.forEach(ProcessHandle::destroyForcibly);
        delete(root);
        if (!killed) {
            assertThat(commands).as("processes that outlived the program").isEmpty();
        }
    }

    /** Returns the folder of everything. */
    Path root() {
        return root;
    }

    /** Returns the working directory. */
    Path work() {
        return root.resolve("work");
    }

    /** Returns the folder of the database. */
    Path data() {
        return work().resolve("data");
    }

    /** Returns the database's path. */
    Path database() {
        return data().resolve("db.sqlite");
    }

    /** Returns the state folder of the database. */
    Path state() {
        return data().resolve(".db.sqlite-litestow");
    }

    /** Returns the folder of the replica. */
    Path replica() {
        return root.resolve("replica");
    }

    /** Returns the replica's URL. */
    String replicaUrl() {
        return "file://" + replica();
    }

    /** Sets a variable of the program's environment. */
    PackagedProgram env(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /** Takes a variable out of the program's environment. */
    PackagedProgram unset(String name) {
        environment.remove(name);
        return this;
    }

    /** Runs a command to its end. */
    Ended run(String... arguments) {
        return start(arguments).awaitEnd();
    }

    /** Starts the program. */
    Running start(String... arguments) {
        List<String> command = new ArrayList<>(program(environment));
        Collections.addAll(command, arguments);
        return launch(command, environment);
    }

    /** Runs a command on a terminal of its own, which shows both streams, to its end. */
    Ended runOnATerminal(String... arguments) {
        List<String> command = new ArrayList<>(Python.script(TERMINAL));
        command.addAll(program(environment));
        Collections.addAll(command, arguments);
        return launch(command, environment).awaitEnd();
    }

    /** Starts the service on a free port. */
    Service serve() {
        int port = freePort();
        Map<String, String> own = new TreeMap<>(environment);
        own.put("QUARKUS_HTTP_HOST", "127.0.0.1");
        own.put("QUARKUS_HTTP_PORT", Integer.toString(port));
        return new Service(launch(program(own), own), port);
    }

    /** Runs something else in the same place to its end. */
    Ended runOther(Map<String, String> variables, String... command) {
        Map<String, String> own = new TreeMap<>(environment);
        own.putAll(variables);
        return launch(Arrays.asList(command), own).awaitEnd();
    }

    private Running launch(List<String> command, Map<String, String> variables) {
        File out = root.resolve("logs").resolve(started.size() + ".out").toFile();
        File err = root.resolve("logs").resolve(started.size() + ".err").toFile();
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(work().toFile())
                .redirectOutput(out)
                .redirectError(err);
        builder.environment().clear();
        builder.environment().putAll(variables);
        try {
            Running running = new Running(builder.start(), out.toPath(), err.toPath());
            started.add(running);
            return running;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns a port of the loopback interface that nobody had a moment ago. */
    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Deletes a folder tree or a file. */
    static void delete(Path tree) throws IOException {
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** How long to wait for a process that was told to end. */
    static Duration patienceAtEnd() {
        return END;
    }
}
