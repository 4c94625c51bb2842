package io.github.litestow.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.litestow.application.Application;
import io.github.litestow.host.Host;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.points.PointReference;
import io.github.litestow.run.compare.Look;
import io.github.litestow.run.compare.PointDiff;
import io.github.litestow.sqlite.ReadOnlyQuery;
import io.github.litestow.sqlite.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Looking into restore points, which neither the database nor the replica notices. */
class LookTest {
    private static final PointReference LOCAL = PointReference.of(PointReference.LOCAL);

    @TempDir
    Path temp;

    @Test
    void what_differs_between_two_states_is_said_by_schema_table_and_row() throws Exception {
        Host host = new Host(temp.resolve("host"), temp.resolve("replica"));
        host.with("leaseTime", Duration.ofMinutes(1));
        host.with("snapshot.deleteLocal", false);
        TestDatabase file = host.file().withRows("WAL", 100);
        file.execute(
                "CREATE TABLE price (shop TEXT, item TEXT, cents INTEGER, PRIMARY KEY (shop, item)) WITHOUT ROWID",
                "INSERT INTO price VALUES ('a', 'tea', 100), ('a', 'milk', 200), ('b', 'tea', 150)",
                "CREATE TABLE gone (x)",
                "CREATE VIRTUAL TABLE found USING fts5(words)");
        String first = host.keep().restorePoint().orElseThrow().txid();
        file.execute(
                "UPDATE t SET note = 'new' WHERE id IN (3, 7)",
                "DELETE FROM t WHERE id = 50",
                "INSERT INTO t VALUES (1000, 'came')",
                "UPDATE price SET cents = 120 WHERE shop = 'a' AND item = 'tea'",
                "DELETE FROM price WHERE shop = 'b'",
                "DROP TABLE gone",
                "CREATE INDEX by_note ON t (note)");
        String second = host.keep().restorePoint().orElseThrow().txid();
        var before = host.replicaFiles();

        PointDiff diff = host.looks()
                .diff(host.database(), PointReference.of(first), PointReference.of(second), Optional.of("price"));
        assertThat(diff.lines())
                .containsExactly(
                        "default: " + first + " to " + second,
                        "  schema  index by_note added: CREATE INDEX by_note ON t (note)",
                        "  schema  table gone removed",
                        "  table   price: 3 rows, then 2; 0 added, 1 removed, 1 changed",
                        "  table   t: 100 rows, then 100; 1 added, 1 removed, 2 changed",
                        "  row     removed shop='b', item='tea': shop 'b', item 'tea', cents 150",
                        "  row     changed shop='a', item='tea': cents 100 to 120");
        try (Application other = new Application().open(file.file())) {
            other.sql("UPDATE t SET note = 'local' WHERE id = 9");
            assertThat(host.looks()
                            .diff(host.database(), PointReference.of(second), LOCAL, Optional.of("t"))
                            .lines())
                    .contains("  table   t: 100 rows, then 100; 0 added, 0 removed, 1 changed")
                    .hasSize(3);
            assertThat(query(host, LOCAL, "SELECT count(*) AS n FROM t WHERE note = 'local'"))
                    .containsExactly("[n]", "[Optional[1]]");
        }
        assertThat(host.looks()
                        .diff(host.database(), PointReference.of(first), PointReference.of(first), Optional.empty())
                        .lines())
                .containsExactly("default: " + first + " to " + first + ": the same schema and rows");

        assertThat(query(host, PointReference.of(first), "SELECT note, NULL, x'0a' FROM t WHERE id = 7"))
                .hasSize(2)
                .last()
                .asString()
                .doesNotContain("new")
                .endsWith("Optional.empty, Optional[x'0a']]");
        for (PointReference at : List.of(LOCAL, PointReference.of(first))) {
            assertThatExceptionOfType(Failure.class)
                    .isThrownBy(() -> query(host, at, "DELETE FROM t"))
                    .withMessage("the query cannot be run: attempt to write a readonly database")
                    .satisfies(failure -> assertThat(failure.kind()).isEqualTo(FailureKind.SETTINGS));
        }
        assertThat(file.rows()).isEqualTo(100);
        assertThat(host.replicaFiles()).isEqualTo(before);
        try (Stream<Path> looks = Files.list(host.settings().stateFolder().resolve("looks"))) {
            assertThat(looks).isEmpty();
        }
    }

    private static List<String> query(Host host, PointReference at, String sql) throws Failure {
        List<String> lines = new ArrayList<>();
        host.looks().query(host.database(), at, sql, new ReadOnlyQuery.Rows() {
            @Override
            public void columns(List<String> names) {
                lines.add(names.toString());
            }

            @Override
            public void row(List<Optional<String>> values) {
                lines.add(values.toString());
            }
        });
        return lines;
    }

    @Test
    void a_later_state_made_of_what_changed_is_the_one_that_a_restore_brings() throws Exception {
        Host host = new Host(temp.resolve("host"), temp.resolve("replica"));
        host.with("leaseTime", Duration.ofMinutes(1));
        host.with("snapshot.deleteLocal", false);
        TestDatabase file = host.file().withRows("WAL", 3_000);
        List<RestorePoint> points = new ArrayList<>();
        points.add(host.keep().restorePoint().orElseThrow());
        for (String change : List.of(
                "UPDATE t SET note = 'new' WHERE id % 700 = 0",
                "INSERT INTO t SELECT id + 10000, zeroblob(900) FROM t WHERE id < 900",
                "DELETE FROM t WHERE id > 1000",
                "VACUUM")) {
            file.execute(change);
            points.add(host.keep().restorePoint().orElseThrow());
        }
        try (Look look = host.looks().at(host.database())) {
            Path first = look.restored(points.get(0));
            boolean made = false;
            for (RestorePoint point : points.subList(1, points.size())) {
                Path later = look.restoredAfter(points.get(0), first, point);
                made |= later.getFileName().toString().contains("changed");
                Path whole = later.getFileName().toString().contains("changed") ? look.restored(point) : later;
                assertThat(later).as(point.words()).hasSameBinaryContentAs(whole);
            }
            assertThat(made).as("one was made so").isTrue();
        }
    }
}
