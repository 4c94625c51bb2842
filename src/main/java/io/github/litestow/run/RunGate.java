package io.github.litestow.run;

import io.github.litestow.control.Cancellation;
import io.github.litestow.control.Deadline;
import io.github.litestow.outcome.Operation;
import java.util.Optional;

/** Who is asked before a run does anything. Safe for concurrent use. */
public interface RunGate {
    /** Lets every run pass. */
    RunGate OPEN = (database, operation, deadline, cancellation) -> Optional.empty();

    /**
     * A run has its database and is about to begin. Ends with the run's deadline or cancellation.
     *
     * @return why the run must not go on, for a person; empty when it may
     */
    Optional<String> begins(Database database, Operation operation, Deadline deadline, Cancellation cancellation);
}
