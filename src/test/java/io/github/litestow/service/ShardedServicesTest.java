package io.github.litestow.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.litestow.application.Application;
import io.github.litestow.evidence.EvidenceRecord;
import io.github.litestow.evidence.EvidenceReport;
import io.github.litestow.host.ShardHost;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.sqlite.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two services with a part each of the databases of one group, over the real engine. */
class ShardedServicesTest {
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    Path temp;

    private ShardHost one;
    private ShardHost other;
    private String ofOne;
    private String ofOther;

    @BeforeEach
    void two_services() throws Exception {
        one = host("one", "0/2", "PT6S");
        other = host("other", "1/2", "PT6S");
        one.start();
        other.start();
        ofOne = nameOf(0);
        ofOther = nameOf(1);
    }

    private ShardHost host(String folder, String shard, String leaseTime) {
        return new ShardHost(temp.resolve(folder), temp.resolve("replicas"), shard, leaseTime);
    }

    private String nameOf(int shard) {
        return IntStream.range(0, 100)
                .mapToObj(number -> "tenant-" + number)
                .filter(name -> one.shardOf(name) == shard)
                .findFirst()
                .orElseThrow();
    }

    @AfterEach
    void nothing_runs() {
        one.stop();
        other.stop();
    }

    private void untilHas(ShardHost host, String name) {
        await().atMost(SOON).until(() -> {
            one.look();
            other.look();
            return host.has(name);
        });
    }

    private long rows(ShardHost host, String name) {
        return TestDatabase.at(host.file(name)).rows();
    }

    @Test
    void what_belongs_to_another_shard_is_left_on_proof_and_brought_back_there() {
        TestDatabase.at(one.file(ofOne)).withRows("WAL", 5);
        TestDatabase.at(one.file(ofOther)).withRows("WAL", 7);

        untilHas(other, ofOther);

        assertThat(rows(other, ofOther)).isEqualTo(7);
        assertThat(one.file(ofOther)).doesNotExist();
        assertThat(one.owns(ofOther)).isFalse();
        assertThat(one.lastRun(ofOther))
                .hasValueSatisfying(run -> assertThat(run.result()).isInstanceOf(Outcome.Offloaded.class));
        assertThat(one.file(ofOne)).exists();
        TestDatabase.at(other.file(ofOther)).addRow();
        assertThat(other.snapshot(ofOther).agreed()).isTrue();
        assertThat(other.owns(ofOther)).isTrue();
    }

    @Test
    void a_database_in_use_stays_where_it_is_and_is_backed_up_there() throws Exception {
        TestDatabase.at(one.file(ofOther)).withRows("WAL", 7);
        try (Application application = new Application()) {
            application.open(one.file(ofOther));
            application.sql("INSERT INTO t (note) VALUES ('added')");
            await().atMost(SOON).until(() -> {
                one.look();
                return one.lastRun(ofOther).isPresent();
            });
            assertThat(one.lastRun(ofOther).orElseThrow().result().agreed()).isTrue();
            assertThat(one.file(ofOther)).exists();
            // A busy machine renews so short a lease late at times.
            await().atMost(SOON).until(() -> one.owns(ofOther));
        }
        untilHas(other, ofOther);
        assertThat(rows(other, ofOther)).isEqualTo(8);
    }

    @Test
    void a_move_is_followed_by_both_and_taken_back_by_another() throws Exception {
        TestDatabase.at(one.file(ofOne)).withRows("WAL", 3);
        one.look();
        other.move(ofOne, 1);
        untilHas(other, ofOne);
        assertThat(one.file(ofOne)).doesNotExist();
        TestDatabase.at(other.file(ofOne)).addRow();

        one.move(ofOne, 0);

        untilHas(one, ofOne);
        assertThat(rows(one, ofOne)).isEqualTo(4);
        assertThat(other.file(ofOne)).doesNotExist();
        assertThat(Files.readString(temp.resolve("replicas/litestow/shards.json")))
                .as("nothing is left to be had, once each has looked")
                .contains("\"pins\":{}");
    }

    @Test
    void the_evidence_of_a_database_that_is_moved_goes_on_where_it_is() throws Exception {
        TestDatabase.at(one.file(ofOne)).withRows("WAL", 3);
        one.look();
        one.move(ofOne, 1);
        untilHas(other, ofOne);
        TestDatabase.at(other.file(ofOne)).addRow();
        one.move(ofOne, 0);
        untilHas(one, ofOne);
        TestDatabase.at(one.file(ofOne)).addRow();
        one.move(ofOne, 1);
        untilHas(other, ofOne);

        EvidenceReport evidence = other.evidence(ofOne);

        assertThat(evidence.problems()).isEmpty();
        assertThat(evidence.chainHolds()).isTrue();
        assertThat(evidence.records())
                .as("one proof for each time that it was left")
                .hasSizeGreaterThanOrEqualTo(3);
        assertThat(evidence.records())
                .extracting(EvidenceRecord::txid)
                .isSorted()
                .doesNotHaveDuplicates();
    }

    @Test
    void while_the_other_service_lives_nobody_else_writes_to_what_it_has() {
        TestDatabase.at(other.file(ofOther)).withRows("WAL", 3);
        assertThat(other.snapshot(ofOther).agreed()).isTrue();
        TestDatabase.at(one.file(ofOther)).withRows("WAL", 4);
        ShardHost third = one;

        Outcome outcome = third.snapshot(ofOther);

        assertThat(outcome.failure())
                .hasValueSatisfying(failed -> assertThat(failed.kind()).isEqualTo(FailureKind.BUSY));
        assertThat(other.owns(ofOther)).isTrue();
        assertThat(third.owns(ofOther)).isFalse();
        assertThat(third.file(ofOther)).exists();
    }

    @Test
    void what_a_lost_machine_had_is_taken_over_when_its_lease_has_expired_and_the_run_says_so() throws Exception {
        one.stop();
        other.stop();
        ShardHost lost = host("lost", "1/2", "PT6S");
        lost.start();
        TestDatabase.at(lost.file(ofOther)).withRows("WAL", 3);
        assertThat(lost.snapshot(ofOther).agreed()).isTrue();
        TestDatabase.at(lost.file(ofOther)).addRow();
        lost.kill();

        other = host("heir", "1/2", "PT6S");
        other.start();
        untilHas(other, ofOther);

        assertThat(rows(other, ofOther)).as("what was confirmed").isEqualTo(3);
        assertThat(other.records())
                .flatExtracting(run -> run.warnings())
                .anyMatch(warning -> List.of("taken over from `serve`", "Its last confirmed point is").stream()
                        .allMatch(warning::contains));
    }

    @Test
    void what_a_stopped_service_had_is_there_for_the_next_at_once_and_all_of_it() throws Exception {
        TestDatabase.at(other.file(ofOther)).withRows("WAL", 3);
        assertThat(other.snapshot(ofOther).agreed()).isTrue();
        other.stop();

        other = host("next", "1/2", "PT6S");
        other.start();
        untilHas(other, ofOther);

        assertThat(rows(other, ofOther)).isEqualTo(3);
        assertThat(other.records()).allMatch(run -> run.warnings().isEmpty());
    }
}
