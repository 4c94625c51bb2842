package io.github.litestow.engine;

import io.github.litestow.outcome.Failure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The engine's state folder {@code .NAME-litestream} beside a database (litestream 0.5.17). */
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

    /**
     * Deletes what the engine keeps of all transactions but the newest two, so that its state does not
     * grow with every run: 0.5.17 reads its position from the newest file alone, and one-shot runs never
     * clean up. The one before serves when the replica loses its newest file: it shows that the local
     * database descends from what is left. Only after a confirmed upload, while no engine runs.
     *
     * @throws Failure {@code DISK} when it cannot be read or a file cannot be deleted
     */
    public static void keepTheNewestTwo(Path engineFolder) throws Failure {
        Path ltx = engineFolder.resolve("ltx");
        if (!Files.isDirectory(ltx, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (Stream<Path> walk = Files.walk(ltx, 2)) {
            NavigableMap<String, List<Path>> files = walk.filter(file ->
                            LTX.matcher(String.valueOf(file.getFileName())).matches())
                    .collect(Collectors.groupingBy(EngineState::lastTxid, TreeMap::new, Collectors.toList()));
            while (files.size() > 2) {
                for (Path file : files.pollFirstEntry().getValue()) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (UncheckedIOException e) {
            throw unreadable(engineFolder, e.getCause());
        } catch (IOException e) {
            throw unreadable(engineFolder, e);
        }
    }

    private static String lastTxid(Path file) {
        Matcher name = LTX.matcher(String.valueOf(file.getFileName()));
        return name.matches() ? name.group(1).toLowerCase(Locale.ROOT) : "";
    }

    private static Failure unreadable(Path engineFolder, IOException e) {
        return Failure.disk("cannot read or clean up the engine's state " + engineFolder, e);
    }
}
