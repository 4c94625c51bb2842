package io.github.litestow.report;

import io.github.litestow.journal.Journal;
import io.github.litestow.journal.Journals;
import io.github.litestow.settings.DatabaseSettings;
import io.github.litestow.settings.ServiceSettings;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** Where every database stands now, from its journal. Safe for concurrent use. */
@ApplicationScoped
public class StatusBoard {
    private final ServiceSettings settings;
    private final Journals journals;
    private final Clock clock;

    /** Reads through the given journals. */
    public StatusBoard(ServiceSettings settings, Journals journals, Clock clock) {
        this.settings = settings;
        this.journals = journals;
        this.clock = clock;
    }

    /** Returns the status of every database whose journal is open, in name order. */
    public List<DatabaseStatus> all() {
        return settings.databases().stream()
                .map(this::of)
                .flatMap(Optional::stream)
                .toList();
    }

    /** Returns the status of one database. */
    public Optional<DatabaseStatus> of(DatabaseSettings database) {
        return journals.named(database.name())
                .map(journal -> DatabaseStatus.of(database, journal.standing(), clock.instant()));
    }

    /** Returns whether a database is done with its start. */
    public boolean ready(DatabaseSettings database) {
        return journals.named(database.name()).map(Journal::ready).orElse(false);
    }
}
