package io.github.litestow.engine;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.control.ProcessIdentity;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.Progress;
import io.github.litestow.outcome.Progress.Doing;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * How far a working engine has come, seen from outside by the files it writes (litestream 0.5.17): it
 * reports nothing itself. A look costs a few calls of the file system, disturbs nothing, and finds
 * nothing rather than failing. Where to look is fixed when the engine is about to start.
 */
public final class EngineProgress {
    private static final Pattern STAGED =
            Pattern.compile("[0-9a-fA-F]{16}-([0-9a-fA-F]{16})\\.ltx(?<unfinished>\\.tmp)?");
    private static final Pattern WRITTEN = Pattern.compile("(?m)^wchar: (\\d+)$");

    private EngineProgress() {}

    /**
     * Looks at a restore: the engine writes to {@code output.tmp} and renames that.
     *
     * @param output the file to restore to, which does not exist yet
     * @param expected the size of the database, if that is known
     */
    public static Supplier<Optional<Progress>> ofRestore(Path output, Optional<Long> expected) {
        Path unfinished = output.resolveSibling(output.getFileName() + ".tmp");
        return () ->
                size(output).or(() -> size(unfinished)).map(bytes -> new Progress(Doing.RESTORING, bytes, expected));
    }

    /**
     * Looks at an upload: the engine stages one file in its state folder and sends it; a whole
     * snapshot is sent after that, made on the way. What was sent is what the process wrote, as the
     * kernel counts it (Linux only), less what it staged.
     *
     * @param wholeSnapshot whether a whole snapshot is asked for
     */
    public static Supplier<Optional<Progress>> ofUpload(ConfiguredDatabase database, boolean wholeSnapshot) {
        Optional<String> before;
        try {
            before = EngineState.newestTxid(database.engineFolder());
        } catch (Failure e) {
            return Optional::empty;
        }
        long databaseBytes = size(database.database()).orElse(0L);
        // Without its state the engine stages the whole database.
        Optional<Long> toStage = before.isEmpty() ? Optional.of(databaseBytes) : Optional.empty();
        return () -> {
            Staged staged = staged(database.engineFolder().resolve("ltx/0"), before.orElse(""));
            if (staged.unfinished()) {
                return Optional.of(new Progress(Doing.STAGING, staged.bytes(), toStage));
            }
            long snapshot = !wholeSnapshot ? 0 : before.isEmpty() ? staged.bytes() : databaseBytes;
            long toSend = staged.bytes() + snapshot;
            return toSend == 0
                    ? Optional.empty()
                    : written(database.stateFolder())
                            .map(all -> new Progress(
                                    Doing.UPLOADING, Math.max(0, all - staged.bytes()), Optional.of(toSend)));
        };
    }

    /** What the engine has staged since a transaction. */
    private record Staged(long bytes, boolean unfinished) {}

    private static Staged staged(Path folder, String after) {
        long bytes = 0;
        boolean unfinished = false;
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Matcher name = STAGED.matcher(String.valueOf(file.getFileName()));
                    if (name.matches() && name.group(1).compareToIgnoreCase(after) > 0) {
                        bytes += size(file).orElse(0L);
                        unfinished |= name.group("unfinished") != null;
                    }
                }
            } catch (IOException e) {
                return new Staged(0, false);
            }
        }
        return new Staged(bytes, unfinished);
    }

    /** Returns what the engine noted in a state folder has written so far, to files and to the network. */
    private static Optional<Long> written(Path stateFolder) {
        try (DirectoryStream<Path> notes = Files.newDirectoryStream(stateFolder, "engine.*.pid")) {
            for (Path note : notes) {
                Optional<ProcessIdentity> engine = PidFile.read(note).flatMap(PidFile::engine);
                if (engine.isPresent()) {
                    Matcher count = WRITTEN.matcher(Files.readString(
                            Path.of("/proc", Long.toString(engine.get().pid()), "io")));
                    return count.find() ? Optional.of(Long.parseLong(count.group(1))) : Optional.empty();
                }
            }
            return Optional.empty();
        } catch (IOException | Failure e) {
            return Optional.empty();
        }
    }

    private static Optional<Long> size(Path file) {
        try {
            return Optional.of(Files.size(file));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
