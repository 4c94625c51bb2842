package io.github.litestow.engine;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.outcome.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Whether a sync was about our database, and not about another file that the engine made of its path. Two
 * traces show that it was not: the database and its empty or missing WAL are exactly as before, where a sync
 * writes to the WAL; or the WAL is as before, and the newest transaction that the engine has was not read from it. Where
 * somebody else wrote meanwhile, the traces say nothing, and the comparison with what the replica restores
 * decides, as it does anyway before anything is deleted. Opens the WAL only, on which SQLite holds no lock.
 */
final class TouchedDatabase {
    private static final int WAL_HEADER = 32;
    private static final int WAL_SALTS = 16;
    /** Where an LTX file (format version 3) has the salts of the WAL that it was read from. */
    private static final int LTX_SALTS = 64;

    private static final int SALTS = 8;

    private final ConfiguredDatabase database;
    private final Trace before;

    private TouchedDatabase(ConfiguredDatabase database, Trace before) {
        this.database = database;
        this.before = before;
    }

    /** Nothing of a file stays the same over a change but what is empty because there is none. */
    private record Trace(String database, String wal, String walHeader) {}

    /** Looks at the database before a sync. */
    static TouchedDatabase before(ConfiguredDatabase database) throws Failure {
        return new TouchedDatabase(database, trace(database));
    }

    /**
     * Looks again after a sync that is said to be good.
     *
     * @throws Failure {@code PROOF_FAILED} when it was not about this database
     */
    void require() throws Failure {
        Trace after = trace(database);
        boolean untouched = !before.database().isEmpty()
                && before.walHeader().isEmpty()
                && after.walHeader().isEmpty()
                && before.database().equals(after.database());
        boolean sameWal = !after.wal().isEmpty()
                && before.wal().equals(after.wal())
                && before.walHeader().length() == 2 * WAL_HEADER
                && before.walHeader().equals(after.walHeader());
        if (untouched || (sameWal && readFromAnother(after.walHeader()))) {
            throw EngineFailures.notBelieved(
                    "litestream says that it synced " + database.database() + ", but it opened another file, or"
                            + " none",
                    "Nothing counts as uploaded. Look beside the folder for a file that it changed; use a path of"
                            + " letters, digits, dots, dashes and underscores, and check that the binary is litestream"
                            + " of generation 0.5.");
        }
    }

    private boolean readFromAnother(String walHeader) throws Failure {
        Path folder = database.engineFolder().resolve("ltx").resolve("0");
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        try (Stream<Path> files = Files.list(folder)) {
            Optional<Path> newest = files.filter(file -> file.toString().endsWith(".ltx"))
                    .max((one, other) ->
                            String.valueOf(one.getFileName()).compareTo(String.valueOf(other.getFileName())));
            String header = newest.isEmpty() ? "" : start(newest.get(), LTX_SALTS + SALTS);
            String salts = header.length() < 2 * LTX_SALTS ? "" : header.substring(2 * LTX_SALTS);
            return salts.length() == 2 * SALTS
                    && !salts.equals("0".repeat(2 * SALTS))
                    && !walHeader.startsWith(salts, 2 * WAL_SALTS);
        } catch (IOException e) {
            throw Failure.disk("cannot read the engine's state " + folder, e);
        }
    }

    private static Trace trace(ConfiguredDatabase database) throws Failure {
        Path wal = database.side("-wal");
        try {
            return new Trace(
                    stamp(database.database(), "ino,size,lastModifiedTime,ctime"),
                    stamp(wal, "ino"),
                    start(wal, WAL_HEADER));
        } catch (IOException e) {
            throw Failure.disk("cannot look at " + database.database(), e);
        }
    }

    private static String stamp(Path file, String attributes) throws IOException {
        try {
            Map<String, Object> found = Files.readAttributes(file, "unix:" + attributes, LinkOption.NOFOLLOW_LINKS);
            return found.toString();
        } catch (NoSuchFileException missing) {
            return "";
        }
    }

    /** Returns the first bytes of a file in hexadecimal; empty when there is none. */
    private static String start(Path file, int length) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return HexFormat.of().formatHex(in.readNBytes(length));
        } catch (NoSuchFileException missing) {
            return "";
        }
    }
}
