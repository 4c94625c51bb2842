package io.github.litestow.run.snapshot;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.outcome.Failure;
import io.github.litestow.run.CheckedRestore;
import io.github.litestow.run.RunContext;
import io.github.litestow.sqlite.LocalFile;
import io.github.litestow.sqlite.Seal;
import io.github.litestow.sqlite.SealedCheck;
import java.util.Optional;

/**
 * Whether the local database is sound, found out once in a run, before anything of it is uploaded: by itself, or under
 * the seal while its pages are read. A database with the pages of a point that was restored needs neither.
 */
final class Soundness {
    private final RunContext context;
    private final ConfiguredDatabase settings;
    private boolean found;

    Soundness(RunContext context) {
        this.context = context;
        this.settings = context.database().settings();
    }

    /**
     * Finds out, if nobody has.
     *
     * @throws Failure {@code SOURCE_DAMAGED} when it is not sound; {@code BUSY}, {@code TIMEOUT}
     */
    void require() throws Failure {
        if (!found) {
            CheckedRestore.requireSound(context, LocalFile.look(settings));
            found = true;
        }
    }

    /** Begins to find out under a seal, if nobody has; to be closed before the seal is. */
    Optional<SealedCheck> begin(Seal seal) {
        return found ? Optional.empty() : Optional.of(seal.check(context.limit()));
    }

    /**
     * Ends what {@link #begin} began. Nobody is locked out for longer than the seal's timeout by that.
     *
     * @return whether it ended by itself
     */
    boolean end(Optional<SealedCheck> begun) throws Failure {
        if (begun.isPresent() && begun.get().within(settings.snapshot().sealTimeout())) {
            CheckedRestore.sound(context, begun.get().answer());
            found = true;
        }
        return found;
    }
}
