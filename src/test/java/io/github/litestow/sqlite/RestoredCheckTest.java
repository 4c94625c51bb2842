package io.github.litestow.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.litestow.application.Sample;
import io.github.litestow.control.WorkLimit;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestoredCheckTest {
    private static final String INDEX = "('index', 'i', 't', %s, 'CREATE INDEX i ON t (a)')";

    @TempDir
    Path temp;

    private Path file;

    @BeforeEach
    void aDatabase() throws SQLException {
        file = temp.resolve("restored.db");
        execute(
                "PRAGMA journal_mode=WAL",
                "CREATE TABLE t (a TEXT)",
                "CREATE INDEX i ON t (a)",
                "WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)"
                        + " INSERT INTO t SELECT 'row ' || i FROM n");
    }

    private void execute(String... statements) throws SQLException {
        try (Connection connection = Sample.connect(file);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private Failure unsound() {
        return catchThrowableOfType(Failure.class, () -> RestoredCheck.of(file, WorkLimit.none()));
    }

    @Test
    void a_sound_file_passes_and_stays_as_it_is_and_alone() throws Exception {
        byte[] before = Files.readAllBytes(file);

        assertThat(RestoredCheck.of(file, WorkLimit.none())).isEmpty();

        assertThat(file).hasBinaryContent(before);
        assertThat(temp).isDirectoryNotContaining(path -> !path.equals(file));
    }

    @Test
    void an_index_that_does_not_fit_its_table_is_found() throws SQLException {
        String root;
        try (Connection connection = Sample.connect(file)) {
            root = Connections.value(connection, "SELECT rootpage FROM sqlite_master WHERE name = 'i'");
        }
        execute("PRAGMA writable_schema=ON", "DELETE FROM sqlite_master WHERE name = 'i'");
        execute("INSERT INTO t VALUES ('not in the index')");
        execute("PRAGMA writable_schema=ON", "INSERT INTO sqlite_master VALUES " + INDEX.formatted(root));

        Failure failure = unsound();

        assertThat(failure).hasMessageContaining("index i");
        assertThat(failure.kind()).isEqualTo(FailureKind.PROOF_FAILED);
        assertThat(RestoredCheck.saysUnsound(failure)).isTrue();
    }

    @Test
    void pages_of_something_else_are_found() throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        Arrays.fill(bytes, 3 * 4096, 5 * 4096, (byte) 0x55);
        Files.write(file, bytes);

        assertThat(RestoredCheck.saysUnsound(unsound())).isTrue();
    }

    @Test
    void a_file_that_is_no_database_is_found() throws IOException {
        Files.writeString(file, "no database ".repeat(1000));

        assertThat(RestoredCheck.saysUnsound(unsound())).isTrue();
    }
}
