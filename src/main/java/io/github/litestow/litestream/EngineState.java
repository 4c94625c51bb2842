package io.github.litestow.litestream;

import io.github.litestow.outcome.Failure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the engine's state folder {@code .NAME-litestream} tells (litestream 0.5.17). */
public final class EngineState {
    private static final Pattern LTX = Pattern.compile("[0-9a-fA-F]{16}-([0-9a-fA-F]{16})\\.ltx");

    private EngineState() {}

    /**
     * Returns the newest transaction that the engine stored locally; empty when it has no state.
     *
     * @param engineFolder the state folder; it need not exist
     * @throws Failure {@code DISK} when it cannot be read
     */
    public static Optional<String> newestTxid(Path engineFolder) throws Failure {
        Path ltx = engineFolder.resolve("ltx");
        if (!Files.isDirectory(ltx)) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.walk(ltx, 2)) {
            return files.map(file -> LTX.matcher(String.valueOf(file.getFileName())))
                    .filter(Matcher::matches)
                    .map(name -> name.group(1).toLowerCase(Locale.ROOT))
                    .max(String::compareTo);
        } catch (UncheckedIOException e) {
            throw unreadable(engineFolder, e.getCause());
        } catch (IOException e) {
            throw unreadable(engineFolder, e);
        }
    }

    private static Failure unreadable(Path engineFolder, IOException e) {
        return Failure.disk("cannot read the engine's state " + engineFolder, e);
    }
}
