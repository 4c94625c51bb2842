package io.github.litestow.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.application.Application;
import io.github.litestow.config.TestConfig;
import io.github.litestow.difference.PageIndex;
import io.github.litestow.host.Host;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.outcome.ReplicaFile;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.run.restore.RestoreRequest;
import io.github.litestow.sqlite.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The replica stays bounded, and whatever it still offers restores. */
class PruningTest {
    @TempDir
    Path temp;

    private Host host;
    private TestDatabase file;
    private final Map<String, String> contents = new LinkedHashMap<>();

    @BeforeEach
    void aHost() {
        host = new Host(temp.resolve("host"), temp.resolve("replica"));
        file = host.file();
        file.withRows("WAL", 200);
    }

    private void assertEveryPointRestores() throws Failure {
        assertThat(host.database().replica().points()).isNotEmpty();
        for (RestorePoint point : host.database().replica().points()) {
            Path target = temp.resolve(point.txid() + "-" + contents.size() + ".db");
            Outcome outcome = host.restore(new RestoreRequest(
                    "test",
                    new RestoreRequest.Point(Optional.of(point.txid()), Optional.empty()),
                    new RestoreRequest.Target(Optional.of(target), false, false),
                    false,
                    false));
            assertThat(outcome).isInstanceOf(Outcome.Restored.class);
            assertThat(TestDatabase.at(target).content()).isEqualTo(contents.get(point.txid()));
        }
    }

    @Test
    void with_offloads_the_replica_stays_bounded_and_each_point_it_offers_restores() throws Exception {
        host.with(TestConfig.retention(Duration.ZERO, 1, Duration.ZERO));
        for (int round = 0; round < 6; round++) {
            file.addRow();
            String content = file.content();
            if (round % 2 == 1) {
                // Everything is uploaded, so that nothing before is needed any more.
                Files.deleteIfExists(PageIndex.place(host.settings()));
            }
            contents.put(host.offload().point().txid(), content);
            assertEveryPointRestores();
            assertThat(host.restore()).isInstanceOf(Outcome.Restored.class);
            assertThat(file.content()).isEqualTo(content);
        }
        assertThat(host.replicaFiles()).hasSizeLessThan(6);
    }

    @Test
    void nothing_goes_for_a_snapshot_that_is_listed_and_not_there() throws Exception {
        host.with(TestConfig.retention(Duration.ZERO, 1, Duration.ZERO));
        host.engine()
                .planned(files -> List.of(new ReplicaFile(
                        9, "0".repeat(15) + "2", files.get(files.size() - 1).maxTxid(), 200, Instant.EPOCH)));
        for (int round = 0; round < 4; round++) {
            file.addRow();
            Files.deleteIfExists(PageIndex.place(host.settings()));
            host.offload();
            host.restore();
        }
        assertThat(host.database().replica().points()).hasSize(4);

        host.engine().planned(files -> files);
        file.addRow();
        host.offload();

        assertThat(host.database().replica().points()).hasSizeLessThan(4);
    }

    @Test
    void with_a_database_that_stays_the_replica_is_bounded_by_its_newest_proof() throws Failure {
        host.with(TestConfig.retention(Duration.ZERO, 1, Duration.ZERO));
        try (Application other = new Application().open(file.file())) {
            for (int round = 0; round < 8; round++) {
                other.sql("UPDATE t SET note = hex(randomblob(50))");
                assertThat(host.keep()).isInstanceOf(Outcome.Snapshotted.class);
            }
            RestorePoint proven = host.verify().restorePoint().orElseThrow();
            String content = other.sql("SELECT id || ':' || note FROM t");
            contents.put(proven.txid(), content);
            other.sql("UPDATE t SET note = 'last'");
            contents.put(host.keep().restorePoint().orElseThrow().txid(), other.sql("SELECT id || ':' || note FROM t"));
        }
        assertThat(host.replicaFiles()).hasSizeLessThan(8);
        assertEveryPointRestores();
        assertThat(host.database().replica().points()).hasSize(2);
    }

    @Test
    void where_the_engine_reads_its_position_stays_although_a_snapshot_holds_it_all() {
        host.with(TestConfig.retention(Duration.ZERO, 1, Duration.ZERO));
        try (Application other = new Application().open(file.file())) {
            for (int round = 0; round < 8; round++) {
                other.sql("UPDATE t SET note = hex(randomblob(50))");
                assertThat(host.verify()).isInstanceOf(Outcome.Verified.class);
                String head = newestKey();
                // Nothing new: the newest point is the only one that is wanted.
                assertThat(host.keep()).isInstanceOf(Outcome.Snapshotted.class);
                assertThat(host.replicaFiles()).containsKey(head);
                assertThat(host.restoredContent()).isEqualTo(other.sql("SELECT id || ':' || note FROM t"));
            }
        }
    }

    /** Returns the level-0 file with which the replica ends. */
    private String newestKey() {
        return host.replicaFiles().keySet().stream()
                .filter(key -> key.startsWith("ltx/0/"))
                .max(String::compareTo)
                .orElseThrow();
    }

    @Test
    void what_is_wanted_stays() throws Failure {
        host.with(TestConfig.retention(Duration.ofDays(7), 1, Duration.ZERO));
        for (int round = 0; round < 4; round++) {
            file.addRow();
            String content = file.content();
            contents.put(host.offload().point().txid(), content);
            host.restore();
        }
        assertThat(host.database().replica().points()).hasSize(4);
        assertEveryPointRestores();
    }

    /** Seven points in three series, the second of which lacks a file when an eighth is made; 1 to 4 are out of date. */
    private Path anEighthPointWithoutTheFifth() throws Exception {
        host.with(TestConfig.retention(Duration.ofDays(3), 1, Duration.ZERO));
        for (int round = 0; round < 7; round++) {
            file.addRow();
            if (round == 3 || round == 6) {
                // Everything is uploaded, as it is now and then.
                Files.deleteIfExists(PageIndex.place(host.settings()));
            }
            String content = file.content();
            contents.put(host.offload().point().txid(), content);
            host.restore();
            host.later(round == 0 ? Duration.ofDays(2) : Duration.ofHours(5));
        }
        Path fifth = temp.resolve("replica").resolve(fileThatEndsAt(5));
        Files.move(fifth, temp.resolve("not-listed"));
        host.later(Duration.ofHours(55));

        file.addRow();
        String content = file.content();
        contents.put(host.offload().point().txid(), content);
        return fifth;
    }

    @Test
    void what_a_wanted_point_needs_stays_although_a_listing_lacks_one_of_its_files() throws Exception {
        Path fifth = anEighthPointWithoutTheFifth();
        Files.move(temp.resolve("not-listed"), fifth);
        host.restore();

        assertThat(host.database().replica().points())
                .extracting(RestorePoint::txid)
                .contains("0000000000000005", "0000000000000006");
        assertEveryPointRestores();
    }

    @Test
    void a_wanted_point_whose_file_is_lost_does_not_keep_what_nobody_wants() throws Exception {
        anEighthPointWithoutTheFifth();

        assertThat(host.lastRun().warnings()).isEmpty();
        assertThat(host.replicaFiles().keySet())
                .noneMatch(name -> name.endsWith("-0000000000000001.ltx"))
                .anyMatch(name -> name.endsWith("-0000000000000006.ltx"));
    }

    private String fileThatEndsAt(int place) {
        return host.replicaFiles().keySet().stream()
                .filter(name -> name.endsWith("-%016x.ltx".formatted(place)))
                .findFirst()
                .orElseThrow();
    }
}
