package io.github.litestow.config;

import static io.github.litestow.config.ConfiguredValue.quoted;

import io.github.litestow.outcome.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Rules for what is on disk, and the one place that creates the folder. */
final class LocalFiles {
    private LocalFiles() {}

    /** Creates the folder when it is missing and returns its real path. */
    static Path folder(ConfiguredValue setting, Path written) throws Failure {
        Path folder = written.toAbsolutePath().normalize();
        refuseLink(setting, folder);
        try {
            // Asked before the folder is made, too, so that none is left behind by a refusal.
            refuseUri(setting, resolved(setting, folder));
            Files.createDirectories(folder);
            Path real = folder.toRealPath();
            refuseUri(setting, real);
            if (!Files.isWritable(real)) {
                throw setting.refuse("the folder " + quoted(written.toString()) + " cannot be written");
            }
            return real;
        } catch (IOException impossible) {
            String problem = Files.exists(folder) ? " is not a folder" : " cannot be created";
            throw setting.refuse(quoted(written.toString()) + problem, impossible);
        }
    }

    /** Behind a link or in the working folder, a name may be beyond what the locale can tell litestream. */
    private static void refuseUndecoded(ConfiguredValue setting, Path real) throws Failure {
        if (!DecodedText.whole(real.toString())) {
            throw setting.refuse("the path " + quoted(real.toString())
                    + " cannot be read whole under the locale of this process; under LC_ALL=C.UTF-8 it can");
        }
    }

    /** Refuses a folder below which litestream would open, and change, the file of another. */
    private static void refuseUri(ConfiguredValue setting, Path real) throws Failure {
        refuseUndecoded(setting, real);
        Optional<String> part = PathRules.readAsUri(real.toString());
        if (part.isPresent()) {
            throw setting.refuse("litestream reads the path " + quoted(real.toString()) + " as a URI, in which "
                    + quoted(part.get()) + " is something else, and would open and change another file; rename the"
                    + " folder");
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
            Path real = existing.toRealPath().resolve(missing).normalize();
            refuseUndecoded(setting, real);
            return real;
        } catch (IOException unreadable) {
            throw setting.refuse("the folder cannot be looked at", unreadable);
        }
    }
}
