package io.github.litestow.sqlite;

import io.github.litestow.QuarantineConfig;
import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.outcome.Failure;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where files go that are in the way of a restore: out of it, dated, and kept within bounds of age
 * and bytes. The newest is kept whatever the bounds say.
 */
public final class Quarantine {
    private static final DateTimeFormatter NAME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss.SSSX").withZone(ZoneOffset.UTC);

    private static final Duration MAX_DIFFERENCE = Duration.ofMinutes(5);

    private Quarantine() {}

    /**
     * Moves the database and what belongs beside it, as far as it is there, into {@code
     * .NAME-litestow/quarantine/TIME}.
     *
     * @return the folder, or empty when nothing was there
     * @throws Failure {@code DISK} when a file cannot be moved; what was moved is put back
     */
    public static Optional<Path> move(ConfiguredDatabase database, Instant now) throws Failure {
        List<Path> files = new ArrayList<>(LocalFile.companions(database));
        if (Files.exists(database.database(), LinkOption.NOFOLLOW_LINKS)) {
            // The WAL goes with its database and must not be left alone by a crash in between:
            // a main file without its WAL has lost rows, a WAL without its main file has not.
            files.add(0, database.database());
        }
        return move(database, files, now);
    }

    /** As {@link #move}, of what belongs beside the database alone: not what somebody made in its place. */
    static Optional<Path> moveCompanions(ConfiguredDatabase database, Instant now) throws Failure {
        return move(database, LocalFile.companions(database), now);
    }

    private static Optional<Path> move(ConfiguredDatabase database, List<Path> files, Instant now) throws Failure {
        if (files.isEmpty()) {
            return Optional.empty();
        }
        Path folder = quarantine(database).resolve(NAME.format(now));
        StateFolder.directory(folder);
        moveAll(files, folder);
        return Optional.of(folder);
    }

    /**
     * Keeps a file that lost its name to another; it gets the database's name there. Dated
     * by the folder's own time, because whoever finds such a file may have no clock.
     *
     * @return the folder
     * @throws Failure {@code DISK} when it cannot be moved
     */
    static Path keep(ConfiguredDatabase database, Path file) throws Failure {
        try {
            Path folder = Files.createTempDirectory(quarantine(database), "kept-");
            Files.move(file, folder.resolve(database.fileName()), StandardCopyOption.ATOMIC_MOVE);
            return folder;
        } catch (IOException e) {
            throw Failure.disk("cannot move " + file + " to quarantine", e);
        }
    }

    private static Path quarantine(ConfiguredDatabase database) throws Failure {
        Path quarantine = database.stateFolder().resolve("quarantine");
        StateFolder.ensure(database);
        StateFolder.directory(quarantine);
        return quarantine;
    }

    /** All or nothing: a database must not be parted from the WAL that holds its last rows. */
    private static void moveAll(List<Path> files, Path folder) throws Failure {
        List<Path> moved = new ArrayList<>();
        for (Path file : files) {
            try {
                Files.move(file, folder.resolve(file.getFileName()), StandardCopyOption.ATOMIC_MOVE);
                moved.add(0, file);
            } catch (IOException e) {
                for (Path back : moved) {
                    putBack(folder.resolve(back.getFileName()), back, e);
                }
                throw Failure.disk("cannot move " + file + " to quarantine", e);
            }
        }
    }

    private static void putBack(Path kept, Path place, IOException why) {
        try {
            if (Files.isDirectory(kept, LinkOption.NOFOLLOW_LINKS)) {
                Files.move(kept, place, StandardCopyOption.ATOMIC_MOVE);
            } else {
                FilePlacement.move(kept, place);
            }
        } catch (IOException e) {
            why.addSuppressed(e);
        }
    }

    /**
     * One dated folder of files that were moved out of the way.
     *
     * @param folder where it is
     * @param time when that happened
     * @param bytes how much is in it
     */
    public record Entry(Path folder, Instant time, long bytes) {}

    /** Returns what is kept of a database, oldest first. */
    public static List<Entry> entries(ConfiguredDatabase database) throws Failure {
        Path quarantine = database.stateFolder().resolve("quarantine");
        if (!Files.isDirectory(quarantine, LinkOption.NOFOLLOW_LINKS)) {
            return List.of();
        }
        List<Entry> entries = new ArrayList<>();
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(quarantine)) {
            for (Path folder : folders) {
                entries.add(new Entry(folder, time(folder), bytes(folder)));
            }
        } catch (IOException e) {
            throw Failure.disk("cannot list " + quarantine, e);
        }
        entries.sort(Comparator.comparing(Entry::time));
        return entries;
    }

    /**
     * Deletes what is older or larger than the settings keep, oldest first, never the newest. Nothing
     * is old by a clock that the file system contradicts.
     *
     * @return what was deleted
     */
    public static List<Entry> bound(ConfiguredDatabase database, Instant now) throws Failure {
        QuarantineConfig limits = database.quarantine();
        List<Entry> entries = entries(database);
        boolean believable = !entries.isEmpty() && agrees(database, now);
        long bytes = entries.stream().mapToLong(Entry::bytes).sum();
        List<Entry> deleted = new ArrayList<>();
        for (Entry entry : entries.subList(0, Math.max(0, entries.size() - 1))) {
            boolean old = believable && entry.time().isBefore(now.minus(limits.keepFor()));
            if (old || bytes > limits.keepBytes()) {
                StateFolder.delete(entry.folder());
                deleted.add(entry);
                bytes -= entry.bytes();
            }
        }
        return deleted;
    }

    /** The file system dates what is made now; a clock that differs from it is not believed. */
    private static boolean agrees(ConfiguredDatabase database, Instant now) throws Failure {
        Path quarantine = database.stateFolder().resolve("quarantine");
        try {
            Path probe = Files.createTempFile(database.stateFolder(), ".clock", null);
            try {
                Instant there = Files.getLastModifiedTime(probe).toInstant();
                return Duration.between(there, now).abs().compareTo(MAX_DIFFERENCE) <= 0;
            } finally {
                Files.deleteIfExists(probe);
            }
        } catch (IOException e) {
            throw Failure.disk("cannot write beside " + quarantine, e);
        }
    }

    /** The later of its name and its own time: a clock that was behind must not make it old. */
    private static Instant time(Path folder) throws IOException {
        Instant own = Files.getLastModifiedTime(folder).toInstant();
        try {
            Instant named = Instant.from(NAME.parse(String.valueOf(folder.getFileName())));
            return named.isAfter(own) ? named : own;
        } catch (DateTimeParseException e) {
            // Not named by us: dated by its own time, so that it is bounded all the same.
            return own;
        }
    }

    private static long bytes(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }
}
