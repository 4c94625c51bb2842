package io.github.litestow.sqlite;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.outcome.ErrorText;
import io.github.litestow.outcome.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * The way back, tried before the way out is taken: whatever a restore will need in the database's
 * folder is done there with a small file, under a name of ours.
 */
public final class RestoreTrial {
    private static final byte[] CONTENT = {'t', 'r', 'i', 'a', 'l', '\n'};

    private RestoreTrial() {}

    /**
     * Puts a file beside the database as a restore does, with the database's owner and mode, and moves
     * it away as a deletion does.
     *
     * @return what did not work, for a person, without a full stop; empty when all did
     * @throws Failure {@code DISK} when the state folder cannot be used at all
     */
    public static Optional<String> obstacle(ConfiguredDatabase database) throws Failure {
        StateFolder.ensure(database);
        Path file = database.stateFolder().resolve("trial");
        Path beside = database.database().resolveSibling("." + database.fileName() + "-litestow-trial");
        try {
            Files.deleteIfExists(beside);
            Files.write(file, CONTENT);
            Optional<String> missing = Ownership.give(Ownership.of(database.database()), file)
                    .filter(why -> !sharedByGroup(database, file));
            if (missing.isPresent()) {
                return missing.map(why ->
                        "a restored file could not get the owner and mode of " + database.database() + ": " + why);
            }
            RestoredFileInstaller.sync(file);
            FilePlacement.move(file, beside);
            RestoredFileInstaller.sync(beside.getParent());
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(ErrorText.sentence(
                    "a restored file could not be put into "
                            + database.database().getParent(),
                    e));
        } finally {
            StateFolder.delete(file);
        }
    }

    /** With the same group, and a mode that lets it do all that the owner may, the owner does not matter. */
    private static boolean sharedByGroup(ConfiguredDatabase database, Path file) {
        try {
            String[] wanted = Ownership.of(database.database()).split(":", -1);
            String[] got = Ownership.of(file).split(":", -1);
            return wanted[1].equals(got[1])
                    && wanted[2].equals(got[2])
                    && wanted[2].startsWith("rw")
                    && wanted[2].startsWith("rw", 3);
        } catch (IOException e) {
            return false;
        }
    }
}
