package io.github.litestow.cli;

import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.TimeText;
import io.github.litestow.run.Database;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;

/**
 * A database for which a command failed, in {@code --json}.
 *
 * @param database its name
 * @param kind what sort of failure it was
 * @param cause what failed and why
 * @param hint what to do next
 */
@RegisterForReflection
record FailedDatabase(String database, FailureKind kind, String cause, String hint)
        implements ReportCommand.DatabaseReport {

    static FailedDatabase of(Database database, Failure failure) {
        return new FailedDatabase(database.name(), failure.kind(), failure.getMessage(), failure.hint());
    }

    @Override
    public List<String> lines(TimeText times) {
        return List.of(database + ": FAILED, " + kind.label() + ": " + cause + ". " + hint);
    }
}
