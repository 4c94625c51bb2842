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
 * @param claim who may work on it, on this host
 * @param lease who may write to its replica
 */
public record Database(DatabaseSettings settings, Journal journal, Replica replica, Claim claim, LeaseKeeper lease) {

    /** Wires a database. */
    Database(DatabaseSettings settings, Journal journal, Replica replica, Claim claim) {
        this(settings, journal, replica, claim, new LeaseKeeper(settings, replica, claim, journal));
    }

    /** Returns the name in the settings. */
    public String name() {
        return settings.name();
    }

    /**
     * Returns whether nothing lies at the database's path, or a file without a byte, which is as good
     * as nothing (an application's connect makes one). Opens nothing, so it may be asked at any time.
     */
    public boolean missing() {
        return settings.database().toFile().length() == 0;
    }
}
