package io.github.litestow.config;

import static io.github.litestow.config.ConfiguredValue.quoted;

import io.github.litestow.outcome.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Rules for what is on disk, and the one place that creates the folder. */
final class LocalFiles {
    private LocalFiles() {}

    /** Creates the folder when it is missing and returns its real path. */
    static Path folder(ConfiguredValue setting, Path written) throws Failure {
        Path folder = written.toAbsolutePath().normalize();
        refuseLink(setting, folder);
        try {
            Files.createDirectories(folder);
            Path real = folder.toRealPath();
            if (!Files.isWritable(real)) {
                throw setting.refuse("the folder " + quoted(written.toString()) + " cannot be written");
            }
            return real;
        } catch (IOException impossible) {
            String problem = Files.exists(folder) ? " is not a folder" : " cannot be created";
            throw setting.refuse(quoted(written.toString()) + problem, impossible);
        }
    }

    /** Refuses a link or a folder in place of the database, and a link in place of a folder of ours. */
    static void refuseObstacles(ConfiguredValue setting, ConfiguredDatabase database) throws Failure {
        refuseLink(setting, database.database());
        refuseLink(setting, database.stateFolder());
        refuseLink(setting, database.engineFolder());
        if (Files.isDirectory(database.database())) {
            throw setting.refuse(quoted(database.database().toString()) + " is a folder");
        }
    }

    /** Refuses a link where a file or folder of ours is expected: what it points to is not ours to move or delete. */
    private static void refuseLink(ConfiguredValue setting, Path path) throws Failure {
        if (Files.isSymbolicLink(path)) {
            throw setting.refuse(quoted(path.toString()) + " is a symbolic link, which is refused");
        }
    }

    /** Returns the path with every link in the part that exists resolved. */
    static Path resolved(ConfiguredValue setting, Path path) throws Failure {
        Path existing = path.toAbsolutePath().normalize();
        Path missing = Path.of("");
        while (existing.getParent() != null && !Files.exists(existing)) {
            missing = existing.getFileName().resolve(missing);
            existing = existing.getParent();
        }
        try {
            return existing.toRealPath().resolve(missing).normalize();
        } catch (IOException unreadable) {
            throw setting.refuse("the folder cannot be looked at", unreadable);
        }
    }
}
