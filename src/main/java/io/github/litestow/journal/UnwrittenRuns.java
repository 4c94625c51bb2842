package io.github.litestow.journal;

import io.github.litestow.outcome.Mending;
import io.github.litestow.outcome.Operation;
import io.github.litestow.outcome.RunRecord;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The last run of each operation that no disk would take, in the order in which they ended. Guarded by its journal. */
final class UnwrittenRuns {
    private final Map<Operation, RunRecord> runs = new LinkedHashMap<>();

    /** Adds one, in the place of an earlier one of the same operation. */
    void add(RunRecord run) {
        runs.remove(run.operation());
        runs.put(run.operation(), run);
    }

    /** Returns them, and leaves them. */
    List<RunRecord> all() {
        return List.copyOf(runs.values());
    }

    /** Returns them, and forgets them: they are written down. */
    List<RunRecord> take() {
        List<RunRecord> all = all();
        runs.clear();
        return all;
    }

    /** Returns what was read with these on top; those that what other processes wrote has overtaken are forgotten. */
    DatabaseState over(DatabaseState read) {
        runs.values().removeIf(run -> overtaken(run, read));
        if (runs.isEmpty()) {
            return read;
        }
        StateChange change = new StateChange(read);
        runs.values().forEach(change::ended);
        return change.state();
    }

    /** A failure is over by what shows it to be mended since; a success may not end what failed since. */
    private static boolean overtaken(RunRecord run, DatabaseState read) {
        Stream<RunRecord> since = Stream.concat(
                        read.lastSuccess().values().stream(), read.lastFailure().values().stream())
                .filter(later -> later.finished().isAfter(run.finished()));
        return run.result().failure().isPresent()
                ? since.anyMatch(later -> later.operation() == run.operation() || Mending.mends(later, false, run))
                : since.anyMatch(later -> later.result().failure().isPresent());
    }
}
