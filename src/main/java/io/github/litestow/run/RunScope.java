package io.github.litestow.run;

import io.github.litestow.litestream.Cancellation;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.Operation;
import io.github.litestow.outcome.Progress;
import io.github.litestow.outcome.RunInProgress;
import io.github.litestow.sqlite.StateFolder;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/** What one run carries along: its name, where it stands, when it must end, what it noticed. */
final class RunScope {
    private static final Logger LOG = Logger.getLogger("io.github.litestow.run");

    private final String id;
    private final Database database;
    private final Deadline deadline;
    private final Cancellation cancellation;
    private final List<String> warnings = new ArrayList<>();
    private volatile Step step = Step.CLAIM;
    private volatile Supplier<Optional<Progress>> progress = Optional::empty;

    RunScope(String id, Database database, Deadline deadline, Cancellation cancellation) {
        this.id = id;
        this.database = database;
        this.deadline = deadline;
        this.cancellation = cancellation;
    }

    /** Says which step begins, after making sure that there is time left for it. */
    void at(Step next) throws Failure {
        step = next;
        progress = Optional::empty;
        LOG.debugf("%s: %s %s", database.name(), id, next.label());
        deadline.remaining();
    }

    /** Says how to look at what begins now, until the next step. */
    void watch(Supplier<Optional<Progress>> look) {
        progress = look;
    }

    /** Returns where the run stands, for another thread to ask. */
    RunInProgress look(Operation operation, String trigger, Instant started) {
        return new RunInProgress(id, database.name(), operation, trigger, started, step.label(), progress.get());
    }

    /** Notes something that went wrong without changing the result. */
    void warn(String sentence) {
        warnings.add(sentence);
        LOG.warnf("%s: %s", database.name(), sentence);
    }

    /** Tells the log something that only matters to whoever looks for a cause. */
    void note(String sentence) {
        LOG.debugf("%s: %s", database.name(), sentence);
    }

    /** Returns a new scratch folder of this run; {@link Runs} deletes it when the run ends. */
    Path scratch() throws Failure {
        return StateFolder.newScratch(database.settings(), id);
    }

    String id() {
        return id;
    }

    Database database() {
        return database;
    }

    Deadline deadline() {
        return deadline;
    }

    Cancellation cancellation() {
        return cancellation;
    }

    List<String> warnings() {
        return warnings;
    }

    Step step() {
        return step;
    }
}
