package io.github.litestow.report;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.journal.DatabaseState;
import io.github.litestow.outcome.RunInProgress;
import java.util.Optional;

/**
 * Where a database is, by its record and the presence of its file. Immutable.
 *
 * @param local whether a file is at its path
 * @param offloaded whether it is at its replica alone, on proof
 * @param retired whether it is of a group, and its file went without us: it has no age, and nothing is expected of it
 * @param vanished whether this machine had it, and nothing says why it is not here
 * @param gone whether it vanished and no service will say that it is retired, as it does of one of a group
 */
record Whereabouts(boolean local, boolean offloaded, boolean retired, boolean vanished, boolean gone) {
    /** Derives it; {@code working} is the run that works now, which may have the file in its hands. */
    static Whereabouts of(
            ConfiguredDatabase settings, DatabaseState state, boolean local, Optional<RunInProgress> working) {
        boolean offloaded = !local && state.offloaded();
        boolean retired = !local && state.retired().isPresent();
        boolean vanished = !local && state.expectedHere() && working.isEmpty();
        return new Whereabouts(
                local,
                offloaded,
                retired,
                vanished,
                vanished && settings.group().isEmpty());
    }
}
