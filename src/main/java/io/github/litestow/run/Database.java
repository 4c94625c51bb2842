package io.github.litestow.run;

import io.github.litestow.journal.Journal;
import io.github.litestow.replica.Replica;
import io.github.litestow.settings.DatabaseSettings;

/**
 * One configured database with everything that works on it.
 *
 * @param settings its settings
 * @param journal its record
 * @param replica its replica
 * @param claim who may work on it
 */
public record Database(DatabaseSettings settings, Journal journal, Replica replica, Claim claim) {

    /** Returns the name in the settings. */
    public String name() {
        return settings.name();
    }
}
