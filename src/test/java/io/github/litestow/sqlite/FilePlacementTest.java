package io.github.litestow.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.litestow.application.Application;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file gets a name without ever taking it from another, with hard links and without. */
class FilePlacementTest {
    @TempDir
    Path folder;

    private Path restored;
    private Path target;

    @BeforeEach
    void a_restored_file() throws IOException {
        restored = Files.createDirectory(folder.resolve("scratch")).resolve("restored.db");
        TestDatabase.at(restored).withRows("DELETE", 10);
        target = folder.resolve("db.sqlite");
    }

    @Test
    void it_is_moved_to_a_free_name() throws IOException {
        FilePlacement.move(restored, target);
        assertThat(TestDatabase.at(target).rows()).isEqualTo(10);
        assertThat(restored).doesNotExist();
    }

    @Test
    void without_hard_links_it_is_moved_to_a_free_name_too() throws IOException {
        FilePlacement.moveOverPlaceholder(restored, target);
        assertThat(TestDatabase.at(target).rows()).isEqualTo(10);
        assertThat(restored).doesNotExist();
    }

    @Test
    void a_name_that_is_taken_stays_with_its_file() throws IOException {
        Files.writeString(target, "another's");
        assertThatThrownBy(() -> FilePlacement.move(restored, target)).isInstanceOf(FileAlreadyExistsException.class);
        assertThatThrownBy(() -> FilePlacement.moveOverPlaceholder(restored, target))
                .isInstanceOf(FileAlreadyExistsException.class);
        assertThat(target).hasContent("another's");
        assertThat(TestDatabase.at(restored).rows()).isEqualTo(10);
    }

    @Test
    void a_placing_that_fails_leaves_nothing_behind() {
        Path missing = folder.resolve("missing.db");
        assertThatThrownBy(() -> FilePlacement.moveOverPlaceholder(missing, target))
                .isInstanceOf(IOException.class);
        assertThat(target).doesNotExist();
    }

    @Test
    void an_empty_file_that_somebody_uses_is_left_to_them() throws IOException {
        Files.createFile(target);
        try (Application other = new Application().open(target)) {
            other.sql("BEGIN EXCLUSIVE");
            assertThat(EmptyFile.lock(target)).isEmpty();
            other.sql("CREATE TABLE t (id INTEGER PRIMARY KEY, note TEXT NOT NULL)");
            other.sql("COMMIT");
        }
        assertThat(EmptyFile.lock(target)).as("not empty any more").isEmpty();
        assertThat(TestDatabase.at(target).rows()).isZero();
    }

    @Test
    void whoever_waits_for_an_empty_file_that_is_taken_away_is_not_told_committed() throws IOException {
        Files.createFile(target);
        try (Application other = new Application().open(target)) {
            other.sql("PRAGMA journal_mode=OFF");
            try (EmptyFile empty = EmptyFile.lock(target).orElseThrow()) {
                other.waitingFor("CREATE TABLE t (id INTEGER PRIMARY KEY, note TEXT NOT NULL)");
                empty.delete(folder.resolve("aside"));
            }
            assertThat(other.answer()).startsWith("error ");
        }
        assertThat(target).doesNotExist();
        assertThat(folder.resolve("aside")).doesNotExist();
    }
}
