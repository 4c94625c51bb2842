package io.github.litestow.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.application.Application;
import io.github.litestow.outcome.Failure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FingerprintTest {
    /** So many in every build; {@code bench/soak} has more. */
    private static final int ROUNDS = Integer.getInteger("litestow.test.rounds", 300);

    private final Instant longAgo = Instant.now().minusSeconds(10);

    @TempDir
    Path folder;

    private TestDatabase database;
    private Path wal;

    @BeforeEach
    void names() {
        database = TestDatabase.in(folder);
        wal = folder.resolve("db.sqlite-wal");
    }

    private Fingerprint take() throws Failure {
        return Fingerprint.take(database.settings());
    }

    /**
     * As a snapshot run believes a fingerprint: the WAL was last written some seconds ago; or, as a
     * restore leaves it, there is none and the main file's time lies back.
     */
    private String believed() throws Failure {
        boolean writtenAhead = Files.exists(wal) && wal.toFile().length() > 0;
        age(writtenAhead ? wal : database.file());
        Fingerprint fingerprint = take();
        if (writtenAhead) {
            assertThat(fingerprint.walSettled(Instant.now())).isTrue();
            assertThat(fingerprint.sameWal(take())).isTrue();
        }
        return fingerprint.text();
    }

    private void age(Path file) {
        try {
            Files.setLastModifiedTime(file, FileTime.from(longAgo));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"WAL", "DELETE", "TRUNCATE", "PERSIST", "MEMORY", "OFF"})
    void no_commit_goes_unseen(String mode) throws Failure {
        database.withRows(mode, 50);
        Random random = new Random(mode.hashCode());
        try (Application writer = new Application().open(database.file())) {
            begin(writer, mode, random);
            for (int round = 0; round < ROUNDS; round++) {
                String before = believed();
                String rows = writer.sql("SELECT total(unicode(note)) || '-' || count(*) FROM t");
                String commit = commit(random);
                writer.sql(commit);
                String after = pattern(writer, mode, random);
                assertThat(take().text())
                        .as("round %d: %s, then %s; rows before %s", round, commit, after, rows)
                        .isNotEqualTo(before);
            }
        }
    }

    private static void begin(Application writer, String mode, Random random) {
        writer.sql("PRAGMA journal_mode=" + mode);
        writer.sql("PRAGMA wal_autocheckpoint=" + List.of(0, 1, 3, 1000).get(random.nextInt(4)));
        writer.sql("PRAGMA synchronous=" + List.of("OFF", "NORMAL", "FULL").get(random.nextInt(3)));
    }

    /** One commit: most leave every size as it was. */
    private static String commit(Random random) {
        int row = random.nextInt(50) + 1;
        return switch (random.nextInt(6)) {
            case 0 -> "INSERT INTO t (note) VALUES (hex(randomblob(40))) RETURNING 1";
            case 1 -> "INSERT OR REPLACE INTO t SELECT max(id), hex(randomblob(50)) FROM t";
            case 2 -> "VACUUM";
            default -> "UPDATE t SET note = hex(randomblob(50)) WHERE id = " + row;
        };
    }

    /** What may follow a commit before anybody looks. */
    private String pattern(Application writer, String mode, Random random) {
        switch (random.nextInt(8)) {
            case 0 -> {
                return writer.sql("PRAGMA wal_checkpoint(TRUNCATE)");
            }
            case 1 -> {
                return writer.sql("PRAGMA wal_checkpoint(RESTART)");
            }
            case 2 -> {
                return writer.sql("PRAGMA wal_checkpoint(PASSIVE)");
            }
            case 3 -> {
                writer.closeConnection();
                writer.open(database.file());
                begin(writer, mode, random);
                return "reopened";
            }
            case 4 -> {
                writer.sql("UPDATE t SET note = 'same' WHERE id = 1");
                return "a second commit";
            }
            default -> {
                return "nothing";
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"WAL", "DELETE"})
    void reading_changes_nothing(String mode) throws Failure {
        database.withRows(mode, 50);
        String before = believed();
        try (Application reader = new Application().open(database.file())) {
            assertThat(reader.sql("SELECT count(*) FROM t")).isEqualTo("50");
            assertThat(take().text()).isEqualTo(before);
            reader.closeConnection();
        }
        assertThat(take().text()).isEqualTo(before);
    }

    @Test
    void a_write_ahead_log_written_just_now_is_not_believed() throws Failure {
        database.withRows("WAL", 5);
        try (Application writer = new Application().open(database.file())) {
            writer.sql("INSERT INTO t (note) VALUES ('x')");
            Fingerprint fingerprint = take();
            assertThat(fingerprint.walSettled(Instant.now())).isFalse();
            assertThat(fingerprint.walSettled(Instant.now().plusSeconds(10))).isTrue();
        }
    }

    @Test
    void without_a_write_ahead_log_there_is_nothing_to_settle() throws Failure {
        database.withRows("DELETE", 5);
        Fingerprint fingerprint = take();
        assertThat(fingerprint.walSettled(Instant.now().plusSeconds(10))).isFalse();
        assertThat(fingerprint.sameWal(fingerprint)).isFalse();
    }

    @Test
    void a_database_put_in_its_place_is_seen_though_it_is_the_same() throws Exception {
        database.withRows("DELETE", 5);
        String before = believed();
        Path copy = database.copyTo(folder.resolve("copy"));
        age(copy);
        Files.move(copy, database.file(), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertThat(take().text()).isNotEqualTo(before);
    }
}
