package io.github.litestow.sqlite;

import io.github.litestow.LitestowConfig;
import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.outcome.Failure;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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

    private Quarantine() {}

    /**
     * Moves the database and what belongs beside it, as far as it is there, into {@code
     * .NAME-litestow/quarantine/TIME}.
     *
     * @return the folder, or empty when nothing was there
     * @throws Failure {@code DISK} when a file cannot be moved; what was moved stays moved
     */
    public static Optional<Path> move(ConfiguredDatabase database, Instant now) throws Failure {
        return move(database, now, true);
    }

    /** As {@link #move}, but leaves a database alone that somebody made just now. */
    static Optional<Path> moveCompanions(ConfiguredDatabase database, Instant now) throws Failure {
        return move(database, now, false);
    }

    private static Optional<Path> move(ConfiguredDatabase database, Instant now, boolean main) throws Failure {
        List<Path> files = new ArrayList<>(LocalFile.companions(database));
        boolean there = Files.exists(database.database(), LinkOption.NOFOLLOW_LINKS);
        if (there && !main) {
            return Optional.empty();
        }
        if (there) {
            // The WAL goes with its database and must not be left alone by a crash in between:
            // a main file without its WAL has lost rows, a WAL without its main file has not.
            files.add(0, database.database());
        }
        if (files.isEmpty()) {
            return Optional.empty();
        }
        Path quarantine = database.stateFolder().resolve("quarantine");
        StateFolder.ensure(database);
        StateFolder.directory(quarantine);
        Path folder = quarantine.resolve(NAME.format(now));
        StateFolder.directory(folder);
        for (Path file : files) {
            try {
                Files.move(file, folder.resolve(file.getFileName()), StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException e) {
                throw Failure.disk("cannot move " + file + " to quarantine", e);
            }
        }
        return Optional.of(folder);
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
     * Deletes what is older or larger than the settings keep, oldest first, never the newest.
     *
     * @return what was deleted
     */
    public static List<Entry> bound(ConfiguredDatabase database, Instant now) throws Failure {
        LitestowConfig.Quarantine limits = database.quarantine();
        List<Entry> entries = entries(database);
        long bytes = entries.stream().mapToLong(Entry::bytes).sum();
        List<Entry> deleted = new ArrayList<>();
        for (Entry entry : entries.subList(0, Math.max(0, entries.size() - 1))) {
            boolean old = entry.time().isBefore(now.minus(limits.keepFor()));
            if (old || bytes > limits.keepBytes()) {
                StateFolder.delete(entry.folder());
                deleted.add(entry);
                bytes -= entry.bytes();
            }
        }
        return deleted;
    }

    private static Instant time(Path folder) throws IOException {
        try {
            return Instant.from(NAME.parse(String.valueOf(folder.getFileName())));
        } catch (DateTimeParseException e) {
            // Not named by us: dated by its own time, so that it is bounded all the same.
            return Files.getLastModifiedTime(folder).toInstant();
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
