package io.github.litestow.sqlite;

import io.github.litestow.outcome.Failure;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/** The page size of a database, which a migration may change. */
public final class PageSize {

    private PageSize() {}

    /**
     * Asks SQLite.
     *
     * @param busy how long to wait for a lock
     * @return bytes, a power of two from 512 to 65536
     * @throws Failure {@code SOURCE_DAMAGED} when it is damaged, {@code BUSY} when it is locked
     */
    public static int of(Path database, Duration busy) throws Failure {
        try (Connection connection = Connections.readOnly(database, busy)) {
            return Integer.parseInt(Connections.value(connection, "PRAGMA page_size"));
        } catch (SQLException e) {
            throw DatabaseCheck.classify(database, e);
        }
    }
}
