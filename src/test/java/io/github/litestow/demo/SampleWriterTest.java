package io.github.litestow.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteConfig;

class SampleWriterTest {
    @TempDir
    Path folder;

    @Test
    void a_visitor_reads_that_the_database_is_being_offloaded_and_no_code_of_sqlite() throws Exception {
        Path marked = Files.writeString(folder.resolve("marked.db"), "not a database any more".repeat(40));

        assertThat(said("SELECT count(*) FROM visit", marked))
                .contains("offloaded")
                .doesNotContain("NOTADB");
    }

    @Test
    void what_is_another_trouble_is_said_as_it_is() {
        assertThat(said("SELECT count(*) FROM visit", folder.resolve("new.db"))).contains("not now", "no such table");
    }

    private static String said(String sql, Path database) {
        return SampleWriter.words(catchThrowableOfType(SQLException.class, () -> {
            try (Connection connection = new SQLiteConfig().createConnection("jdbc:sqlite:" + database);
                    Statement statement = connection.createStatement()) {
                statement.executeQuery(sql).close();
            }
        }));
    }
}
