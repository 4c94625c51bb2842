package io.github.litestow.sqlite;

import io.github.litestow.outcome.Failure;
import io.github.litestow.settings.DatabaseSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Where files go that are in the way of a restore: out of it, dated, never deleted by a run. */
public final class Quarantine {
    private static final DateTimeFormatter NAME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);

    private Quarantine() {}

    /**
     * Moves the database and what belongs beside it, as far as it is there, into {@code
     * .NAME-litestow/quarantine/TIME}.
     *
     * @return the folder, or empty when nothing was there
     * @throws Failure {@code DISK} when a file cannot be moved; what was moved stays moved
     */
    public static Optional<Path> move(DatabaseSettings database, Instant now) throws Failure {
        List<Path> files = new ArrayList<>(LocalFile.companions(database));
        if (Files.exists(database.database(), LinkOption.NOFOLLOW_LINKS)) {
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
                throw StateFolder.disk("cannot move " + file + " to quarantine", e);
            }
        }
        return Optional.of(folder);
    }
}
