package io.github.litestow.packaged;

import static io.github.litestow.packaged.PackagedProgram.property;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An image without a container engine: its files lie in a folder as the Dockerfile says, its base is
 * this machine's {@code /usr} and Java 25, both read-only. What is started there is process 1 of its
 * own, has the image's user and environment, and can write to the volume only. Needs bubblewrap;
 * and, to run as another user, root and setpriv.
 */
final class ImageSandbox {
    /** Where the base image has Java. */
    private static final String JAVA = "/opt/java/openjdk";

    /** It takes some seconds, and on a machine that does much else many times that. */
    private static final Duration TRAINING = Duration.ofMinutes(5);

    private static final boolean ROOT = "root".equals(System.getProperty("user.name"));

    private final Dockerfile dockerfile;
    private final Path root;
    private final Path volume;
    private final Path logs;
    private final AtomicInteger started = new AtomicInteger();

    /** Lays the files out below {@code folder} and runs what the Dockerfile runs: the training. */
    ImageSandbox(Dockerfile dockerfile, Path folder) throws IOException {
        this.dockerfile = dockerfile;
        this.root = folder.resolve("image");
        this.volume = folder.resolve("volume");
        this.logs = Files.createDirectories(folder.resolve("logs"));
        Files.createDirectories(volume);
        for (String point : List.of("usr", "etc", "proc", "dev", "tmp", "data", JAVA.substring(1))) {
            Files.createDirectories(root.resolve(point));
        }
        for (String link : List.of("bin", "sbin", "lib", "lib64")) {
            if (Files.isSymbolicLink(Path.of("/", link))) {
                Files.createSymbolicLink(root.resolve(link), Files.readSymbolicLink(Path.of("/", link)));
            }
        }
        boolean trained = false;
        for (Dockerfile.Copy copy : dockerfile.copies()) {
            if (copy.stage().equals("trained")) {
                train();
                trained = true;
                assertThat(inside(copy.to())).as("what the training leaves").isNotEmptyFile();
            } else {
                copyTree(source(copy), inside(copy.to()));
            }
        }
        assertThat(trained).as("the Dockerfile has a training").isTrue();
        if (ROOT) {
            // As the Dockerfile does: install -o USER -g 0 -m 0770.
            command("chown", dockerfile.value("USER") + ":0", volume.toString());
            command("chmod", "0770", volume.toString());
        }
    }

    Path volume() {
        return volume;
    }

    /** Starts the image with these arguments and variables. */
    Running start(Map<String, String> variables, String... arguments) {
        List<String> command = new ArrayList<>(dockerfile.words("ENTRYPOINT"));
        Collections.addAll(command, arguments);
        return startOther(variables, command);
    }

    /** Runs the image's own health check. */
    Ended checkHealth(Map<String, String> variables) {
        return startOther(variables, dockerfile.words("HEALTHCHECK")).awaitEnd();
    }

    /** Starts any command in the image. */
    Running startOther(Map<String, String> variables, List<String> command) {
        List<String> all = cage(variables);
        all.addAll(List.of("--ro-bind", root.toString(), "/"));
        mounts(all);
        all.addAll(List.of("--bind", volume.toString(), dockerfile.value("VOLUME")));
        all.addAll(List.of("--chdir", dockerfile.value("WORKDIR"), "--as-pid-1", "--"));
        if (ROOT) {
            String user = dockerfile.value("USER");
            all.addAll(List.of("setpriv", "--reuid=" + user, "--regid=0", "--clear-groups", "--no-new-privs"));
        }
        all.addAll(command);
        return launch(all);
    }

    /** The build's training script, with the files of the image at their place and still writable. */
    private void train() {
        List<String> all = cage(Map.of());
        all.addAll(List.of("--unshare-net", "--bind", root.toString(), "/"));
        mounts(all);
        all.addAll(List.of("--tmpfs", "/tmp"));
        all.addAll(List.of(
                "--ro-bind", baseDirectory().resolve("src/main/docker/train.sh").toString(), "/tmp/train.sh"));
        all.addAll(List.of("--", "sh", "/tmp/train.sh"));
        launch(all).awaitEnd(TRAINING).with(0);
    }

    private List<String> cage(Map<String, String> variables) {
        List<String> all = new ArrayList<>(List.of("bwrap", "--unshare-pid", "--unshare-ipc", "--unshare-uts"));
        if (ROOT) {
            all.addAll(List.of("--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"));
        } else {
            all.addAll(List.of("--unshare-user", "--uid", dockerfile.value("USER"), "--gid", "0"));
        }
        all.addAll(List.of("--die-with-parent", "--new-session", "--clearenv"));
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("PATH", JAVA + "/bin:/usr/bin:/bin");
        environment.putAll(dockerfile.environment());
        environment.putAll(variables);
        environment.forEach((name, value) -> all.addAll(List.of("--setenv", name, value)));
        return all;
    }

    private static void mounts(List<String> all) {
        for (String path : List.of("/usr", "/etc")) {
            all.addAll(List.of("--ro-bind", path, path));
        }
        all.addAll(List.of(
                "--ro-bind",
                realPath(Path.of(property("litestow.test.java-25"))).toString(),
                JAVA));
        all.addAll(List.of("--proc", "/proc", "--dev", "/dev"));
    }

    private Running launch(List<String> command) {
        int number = started.getAndIncrement();
        Path out = logs.resolve(number + ".out");
        Path err = logs.resolve(number + ".err");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
            return new Running(process, out, err);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "bwrap cannot be started; install bubblewrap (Debian's name; .ci/run does)", e);
        }
    }

    /** Where a stage of the Dockerfile gets the file from, when the build makes it without a container engine. */
    private static Path source(Dockerfile.Copy copy) {
        return switch (copy.stage() + copy.from()) {
            case "litestream/usr/local/bin/litestream" -> Path.of(property("litestow.test.litestream"));
            case "binaries/libsqlitejdbc.so" ->
                baseDirectory()
                        .resolve("target/sqlite/org/sqlite/native/Linux/" + architecture() + "/libsqlitejdbc.so");
            default -> {
                assertThat(copy.stage())
                        .as("the stage of a COPY that this test knows: " + copy)
                        .isEmpty();
                yield baseDirectory().resolve(copy.from());
            }
        };
    }

    private static String architecture() {
        return System.getProperty("os.arch").equals("amd64") ? "x86_64" : System.getProperty("os.arch");
    }

    private static Path baseDirectory() {
        return Path.of(property("litestow.test.basedir"));
    }

    private Path inside(String path) {
        return root.resolve(path.substring(1));
    }

    private static Path realPath(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void command(String... words) throws IOException {
        try {
            assertThat(new ProcessBuilder(words).inheritIO().start().waitFor())
                    .as(String.join(" ", words))
                    .isZero();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("nobody interrupts tests", e);
        }
    }

    private static void copyTree(Path from, Path to) throws IOException {
        Path real = from.toRealPath();
        Files.walkFileTree(real, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                Files.createDirectories(to.resolve(real.relativize(folder)));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Path target = file.equals(real) ? to : to.resolve(real.relativize(file));
                Files.createDirectories(target.getParent());
                Files.copy(file, target, StandardCopyOption.COPY_ATTRIBUTES);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
