package io.github.litestow.sqlite;

import io.github.litestow.control.WorkLimit;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/**
 * Asks SQLite whether a restored file is a sound database. The file is asked itself, as it lies on the disk, and
 * after the engine has ended: what an engine says of its work is no proof. The engine's own check would also take two
 * to four times as long (SQLite translated to Go), and fails where a schema needs its application.
 */
public final class RestoredCheck {
    private static final String UNSOUND = "what was restored is damaged: ";

    private RestoredCheck() {}

    /**
     * Runs {@code PRAGMA integrity_check}, or as much of it as can be checked without the application.
     *
     * @param file a file that nobody else uses
     * @param limit when it must end
     * @return what keeps it from being checked in full, as {@link DatabaseCheck#quick} returns it
     * @throws Failure {@code PROOF_FAILED} when what can be checked is damaged ({@link #saysUnsound}), {@code
     *     TIMEOUT} when {@code limit} ended it
     */
    public static Optional<String> of(Path file, WorkLimit limit) throws Failure {
        // Opened for writing, of which nothing comes: so that no side file stays behind.
        try (Connection connection = Connections.writable(file, Duration.ZERO)) {
            DatabaseCheck.Answer answer = DatabaseCheck.checkAll(connection, "integrity_check", limit);
            if (answer.damage().isPresent()) {
                throw unsound(answer.damage().get(), null);
            }
            return answer.notChecked();
        } catch (SQLException e) {
            throw Connections.damaged(e) ? unsound(e.getMessage(), e) : DatabaseCheck.classify(file, e);
        }
    }

    /** Returns whether a restore failed on what the replica's files hold, and not on the files themselves. */
    public static boolean saysUnsound(Failure failure) {
        return failure.kind() == FailureKind.PROOF_FAILED
                && String.valueOf(failure.getMessage()).startsWith(UNSOUND);
    }

    private static Failure unsound(String verdict, Throwable cause) {
        return new Failure(
                FailureKind.PROOF_FAILED,
                UNSOUND + verdict.replaceAll("\\s+", " "),
                "What is at the replica is damaged or incomplete: restore an earlier point, see `list` and --fallback.",
                cause);
    }
}
