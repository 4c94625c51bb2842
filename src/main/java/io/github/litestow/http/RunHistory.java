package io.github.litestow.http;

import io.github.litestow.outcome.RunRecord;
import io.github.litestow.run.Database;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The runs of a database: those that ended, and the one that works. Safe for concurrent use. */
@ApplicationScoped
public class RunHistory {

    /** Returns the last runs, oldest first. */
    List<RunView> of(Database database) {
        // The one that works is asked for first: a run is in the journal before it stops being the current one.
        Optional<RunView> working = working(database);
        List<RunView> runs = new ArrayList<>();
        for (RunRecord run : database.journal().runs()) {
            if (working.filter(other -> other.id().equals(run.id())).isEmpty()) {
                runs.add(RunView.of(database.settings(), run));
            }
        }
        working.ifPresent(runs::add);
        return runs;
    }

    /** Returns the run with this id, if it is among the last. */
    Optional<RunView> find(Database database, String id) {
        return of(database).stream().filter(run -> run.id().equals(id)).findFirst();
    }

    private static Optional<RunView> working(Database database) {
        return database.journal().working().own().map(run -> RunView.of(database.settings(), run));
    }
}
