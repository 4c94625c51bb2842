package io.github.litestow.engine;

import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.WalPosition;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
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

    /**
     * Deletes all that the engine keeps beside the database: it begins again from what the replica
     * holds, with a copy of everything. Only while no engine runs; a link is unlinked, never followed.
     *
     * @throws Failure {@code DISK} when it cannot be deleted
     */
    public static void drop(Path engineFolder) throws Failure {
        if (!Files.exists(engineFolder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        // Not from Files.walk's stream while it walks: what is deleted must be known before.
        try (Stream<Path> walk = Files.walk(engineFolder)) {
            for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (UncheckedIOException e) {
            throw unreadable(engineFolder, e.getCause());
        } catch (IOException e) {
            throw unreadable(engineFolder, e);
        }
    }

    /**
     * Returns the page size of the newest transaction in the engine's local state, in bytes; empty when
     * there is none, or it does not say.
     *
     * @throws Failure {@code DISK} when the state cannot be read
     */
    public static Optional<Integer> pageSize(Path engineFolder) throws Failure {
        return newestHeader(engineFolder).map(header -> header.getInt(LtxFormat.PAGE_SIZE));
    }

    /**
     * Returns up to where the newest transaction of the engine's local state was read from the WAL; empty
     * when there is none, or it does not say.
     *
     * @throws Failure {@code DISK} when the state cannot be read
     */
    public static Optional<WalPosition> walPosition(Path engineFolder) throws Failure {
        return newestHeader(engineFolder).map(EngineState::walPosition);
    }

    /**
     * As {@link #walPosition(Path)}, of the first transaction after another one.
     *
     * @throws Failure {@code DISK} when the state cannot be read
     */
    public static Optional<WalPosition> walPositionAfter(Path engineFolder, String txid) throws Failure {
        return header(engineFolder, last -> last.compareTo(txid) > 0).map(EngineState::walPosition);
    }

    private static WalPosition walPosition(ByteBuffer header) {
        return new WalPosition(
                header.getLong(LtxFormat.SALTS),
                header.getLong(LtxFormat.WAL_OFFSET) + header.getLong(LtxFormat.WAL_SIZE),
                header.getInt(LtxFormat.PAGE_SIZE),
                header.getInt(LtxFormat.PAGES));
    }

    /** Returns whether the engine has begun to write down a transaction after this one. */
    public static boolean writesAfter(Path engineFolder, String txid) throws Failure {
        Path level = engineFolder.resolve("ltx").resolve("0");
        if (!Files.isDirectory(level, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        try (Stream<Path> files = Files.list(level)) {
            return files.anyMatch(file -> String.valueOf(file.getFileName()).compareTo(txid + "-~") > 0);
        } catch (UncheckedIOException e) {
            throw unreadable(engineFolder, e.getCause());
        } catch (IOException e) {
            throw unreadable(engineFolder, e);
        }
    }

    private static Optional<ByteBuffer> newestHeader(Path engineFolder) throws Failure {
        Optional<String> newest = newestTxid(engineFolder);
        return newest.isEmpty() ? Optional.empty() : header(engineFolder, newest.get()::equals);
    }

    /** Returns the header of the first of these transactions; empty when there is none of them. */
    private static Optional<ByteBuffer> header(Path engineFolder, Predicate<String> which) throws Failure {
        Path level = engineFolder.resolve("ltx").resolve("0");
        if (!Files.isDirectory(level, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.list(level)) {
            Optional<Path> file = files.filter(path -> Files.isRegularFile(path)
                            && LTX.matcher(String.valueOf(path.getFileName())).matches()
                            && which.test(lastTxid(path)))
                    .min(Comparator.comparing(EngineState::lastTxid));
            if (file.isEmpty()) {
                return Optional.empty();
            }
            ByteBuffer header = header(file.get());
            return header.remaining() < LtxFormat.HEADER ? Optional.empty() : Optional.of(header);
        } catch (UncheckedIOException e) {
            throw unreadable(engineFolder, e.getCause());
        } catch (IOException e) {
            throw unreadable(engineFolder, e);
        }
    }

    /** Reads the header of an LTX file; shorter if the file is. */
    static ByteBuffer header(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            return ByteBuffer.wrap(in.readNBytes(LtxFormat.HEADER));
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
