package io.github.litestow.sqlite;

import io.github.litestow.control.WorkLimit;
import io.github.litestow.outcome.Failure;
import java.nio.file.Path;
import java.util.Optional;

/** A comparison that reads every row, whatever the pages say. */
public final class FullComparison {
    private FullComparison() {}

    /** Compares two files that nobody else uses. */
    public static DatabaseDiff of(Path first, Path second, WorkLimit limit) throws Failure {
        return DatabaseComparison.of(first, second, Optional.empty(), limit, false);
    }
}
