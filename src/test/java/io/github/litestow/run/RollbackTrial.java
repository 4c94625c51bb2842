package io.github.litestow.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.host.Host;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.outcome.RunRecord;
import io.github.litestow.points.PointLabel;
import io.github.litestow.points.PointReference;
import io.github.litestow.run.mark.OfferedPoints;
import io.github.litestow.run.mark.SnapshotMark;
import io.github.litestow.run.restore.RestoreRequest;
import io.github.litestow.run.snapshot.SnapshotRequest;
import io.github.litestow.sqlite.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;

/** A labelled point, a migration that goes wrong in some way, and back: no row is lost on either side. */
public final class RollbackTrial {
    private static final String[] MODES = {"WAL", "DELETE", "TRUNCATE", "PERSIST"};
    private static final int[] PAGE_SIZES = {512, 1024, 4096, 8192, 65536};

    private final Random random;
    private final Path folder;
    private final Host host;
    private final TestDatabase file;

    /** Works in this folder, the same for the same seed. */
    public RollbackTrial(long seed, Path folder) {
        this.random = new Random(seed);
        this.folder = folder;
        this.host = new Host(folder.resolve("host"), folder.resolve("replica"));
        host.with("leaseTime", Duration.ofMinutes(1));
        host.with("snapshot.deleteLocal", random.nextBoolean());
        this.file = host.file();
    }

    /** Returns what was done to the database between the label and the way back. */
    public List<String> run() throws Exception {
        file.execute("PRAGMA page_size=" + PAGE_SIZES[random.nextInt(PAGE_SIZES.length)]);
        file.withRows(MODES[random.nextInt(MODES.length)], 20 + random.nextInt(300));
        file.execute("CREATE TABLE kept (a, b)", "INSERT INTO kept VALUES (1, x'00ff'), (NULL, 2.5)");
        String before = content(file);
        mark("before-1.9");

        List<String> migration = migration();
        for (String statement : migration) {
            file.execute(statement.split("; "));
            if (random.nextInt(4) == 0) {
                host.keep();
            }
        }
        file.execute("CREATE TABLE IF NOT EXISTS later (a)", "INSERT INTO later VALUES (" + random.nextInt() + ")");
        String after = content(file);

        Outcome rolledBack = rollback("before-1.9");
        assertThat(rolledBack).as(migration.toString()).isInstanceOf(Outcome.Restored.class);
        assertThat(content(file)).as(migration.toString()).isEqualTo(before);
        assertThat(content(inQuarantine())).as(migration.toString()).isEqualTo(after);

        Optional<RestorePoint> point = OfferedPoints.of(host.database().replica()).stream()
                .max(RestorePoint::compareTo)
                .filter(newest -> !host.lastRun().warnings().isEmpty()
                        && host.lastRun().warnings().toString().contains("restore point " + newest.txid()));
        if (point.isPresent()) {
            assertThat(content(restored(point.get()))).as(migration.toString()).isEqualTo(after);
            assertThat(rollback(point.get().txid())).isInstanceOf(Outcome.Restored.class);
            assertThat(content(file)).as(migration.toString()).isEqualTo(after);
            assertThat(rollback("before-1.9")).isInstanceOf(Outcome.Restored.class);
            assertThat(content(file)).as(migration.toString()).isEqualTo(before);
        }
        goesOn(migration, point.isPresent());
        return migration;
    }

    /** What is written after a rollback is backed up like anything else. */
    private void goesOn(List<String> migration, boolean uploadedBefore) throws Exception {
        file.addRow();
        String next = content(file);
        Outcome snapshot = host.snapshot();
        assertThat(snapshot.restorePoint())
                .as(migration + " uploaded before: " + uploadedBefore + ", then " + snapshot)
                .isPresent();
        assertThat(content(restored(snapshot.restorePoint().orElseThrow()))).isEqualTo(next);
    }

    private void mark(String label) {
        SnapshotMark mark = new SnapshotMark(Optional.of(PointLabel.of(label)), true);
        RunRecord run = host.snapshots()
                .snapshot(host.database(), new SnapshotRequest("test", true, false, Optional.empty()).marked(mark));
        assertThat(run.result().restorePoint().filter(RestorePoint::proven))
                .as(run.toString())
                .isPresent();
    }

    private Outcome rollback(String to) throws Exception {
        RestorePoint point = OfferedPoints.meant(host.database(), PointReference.of(to), Instant.now());
        return host.rollbacks().rollback(host.database(), "test", point).result();
    }

    private List<String> migration() {
        List<String> statements = new ArrayList<>();
        for (int i = 0; i <= random.nextInt(4); i++) {
            statements.add(
                    switch (random.nextInt(9)) {
                        case 0 -> "DROP TABLE IF EXISTS t; CREATE TABLE t (id INTEGER PRIMARY KEY, note TEXT)";
                        case 1 -> "VACUUM";
                        case 2 ->
                            "PRAGMA journal_mode=DELETE; PRAGMA page_size="
                                    + PAGE_SIZES[random.nextInt(PAGE_SIZES.length)]
                                    + "; VACUUM; PRAGMA journal_mode=WAL";
                        case 3 -> "PRAGMA journal_mode=" + MODES[random.nextInt(MODES.length)];
                        case 4 -> "ALTER TABLE t ADD COLUMN extra" + i + " DEFAULT 7";
                        case 5 -> "DELETE FROM t";
                        case 6 -> "PRAGMA user_version=" + random.nextInt(100);
                        case 7 -> "PRAGMA auto_vacuum=" + random.nextInt(3) + "; VACUUM";
                        default -> "UPDATE t SET note = 'all the same'";
                    });
        }
        return statements;
    }

    private TestDatabase restored(RestorePoint point) throws Exception {
        Path target = folder.resolve(point.txid() + "-" + random.nextInt() + ".db");
        Outcome outcome = host.restore(new RestoreRequest(
                "test",
                new RestoreRequest.Point(Optional.of(point.txid()), Optional.empty()),
                new RestoreRequest.Target(Optional.of(target), false, false),
                false,
                false));
        assertThat(outcome).isInstanceOf(Outcome.Restored.class);
        return TestDatabase.at(target);
    }

    /** A copy of what the last rollback moved away: looking at it must not change it. */
    private TestDatabase inQuarantine() throws Exception {
        var entries = host.restores().quarantine(host.database());
        Path quarantined = entries.get(entries.size() - 1).folder();
        Path copy = Files.createDirectories(folder.resolve("looked-at-" + random.nextInt()));
        for (String side : List.of("", "-wal", "-journal")) {
            Path name = quarantined.resolve(TestDatabase.NAME + side);
            if (Files.exists(name)) {
                Files.copy(name, copy.resolve(TestDatabase.NAME + side));
            }
        }
        return TestDatabase.in(copy);
    }

    /** Every row of every table of the application. */
    private static String content(TestDatabase database) {
        String tables = database.value("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE"
                + " '\\_litestream%' ESCAPE '\\' AND name NOT LIKE 'sqlite%' ORDER BY name");
        return database.value("PRAGMA integrity_check") + " " + database.value("PRAGMA user_version")
                + Arrays.stream(tables.split(","))
                        .map(table -> table + "=" + rows(database, table))
                        .collect(Collectors.joining("\n"));
    }

    private static String rows(TestDatabase database, String table) {
        String columns = Arrays.stream(database.value("SELECT name FROM pragma_table_info('" + table + "')")
                        .split(","))
                .map(column -> "quote(\"" + column + "\")")
                .collect(Collectors.joining("||'|'||"));
        return database.value("SELECT " + columns + " FROM " + table + " ORDER BY rowid");
    }
}
