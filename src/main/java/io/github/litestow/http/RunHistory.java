package io.github.litestow.http;

import io.github.litestow.outcome.RunRecord;
import io.github.litestow.run.Database;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The runs of a database as they are shown: those that ended, and the one that works. */
@ApplicationScoped
public class RunHistory {

    /** Returns them oldest first. */
    List<RunView> of(Database database) {
        // First the one that works: it is written down before it is taken from there.
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

    /** Returns the run of this id. */
    Optional<RunView> find(Database database, String id) {
        return of(database).stream().filter(run -> run.id().equals(id)).findFirst();
    }

    private static Optional<RunView> working(Database database) {
        return database.currentRun().own().map(run -> RunView.of(database.settings(), run));
    }
}
