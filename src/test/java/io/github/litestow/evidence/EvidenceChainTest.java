package io.github.litestow.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.engine.Litestream;
import io.github.litestow.host.Host;
import io.github.litestow.host.WiredService;
import io.github.litestow.outcome.Failure;
import io.github.litestow.sqlite.TestDatabase;
import io.github.litestow.store.Replica;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvidenceChainTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant END = Instant.parse("2027-03-01T00:00:00Z");

    @TempDir
    Path folder;

    private EvidenceChain chain() {
        var settings = TestDatabase.in(folder).settings(folder.resolve("replica"));
        Litestream engine = WiredService.litestream(settings, Host.realEngine());
        Replica replica = Replica.of(settings, engine, WiredService.JSON);
        return new EvidenceChain(replica.url(), replica.store(), replica.objects());
    }

    private static EvidenceRecord record(int number, Instant time) {
        return new EvidenceRecord(
                "default",
                String.format("%016x", number),
                time,
                "sealed",
                "run-" + number,
                0.25,
                3,
                4096,
                12_288,
                "ab".repeat(32),
                Map.of("t", (long) number),
                Optional.of(86_400L),
                Map.of("litestream", "0.5.17"),
                "");
    }

    private static EvidenceRecord withManyTables(EvidenceRecord record) {
        Map<String, Long> tables = IntStream.range(0, 200)
                .boxed()
                .collect(Collectors.toMap(i -> "a_table_with_a_rather_long_name_" + i, i -> 1L));
        return new EvidenceRecord(
                record.database(),
                record.txid(),
                record.time(),
                record.how(),
                record.run(),
                record.restoreSeconds(),
                record.pages(),
                record.pageSize(),
                record.bytes(),
                record.sha256(),
                tables,
                record.dueSeconds(),
                record.versions(),
                "");
    }

    private Path part(String name) {
        return folder.resolve("replica/litestow/evidence").resolve(name);
    }

    private void edit(String name, UnaryOperator<List<String>> edit) throws IOException {
        Files.write(part(name), edit.apply(new ArrayList<>(Files.readAllLines(part(name)))));
    }

    @Test
    void each_record_names_the_line_before_over_months_and_processes() throws Failure, IOException {
        chain().append(record(1, Instant.parse("2026-10-31T23:59:59Z")));
        chain().append(record(2, NOON));
        EvidenceChain one = chain();
        one.append(record(3, NOON.plusSeconds(60)));
        one.append(record(4, Instant.parse("2027-02-01T00:00:00Z")));

        assertThat(part("2026-10.jsonl")).exists();
        List<String> november = Files.readAllLines(part("2026-11.jsonl"));
        assertThat(november.get(1)).contains("\"previous\":\"" + EvidenceParts.hash(november.get(0)) + "\"");
        assertThat(november.get(0)).startsWith("{\"database\":\"default\",\"txid\":\"0000000000000002\"");
        EvidenceChain.Reading reading = chain().read(BEGIN, END);
        assertThat(reading.problems()).isEmpty();
        assertThat(reading.records())
                .extracting(EvidenceRecord::run)
                .containsExactly("run-1", "run-2", "run-3", "run-4");
        assertThat(chain().read(NOON, END).records()).hasSize(3);
        assertThat(chain().read(NOON, END).problems()).isEmpty();
    }

    @Test
    void a_part_that_is_full_is_followed_by_another() throws Failure, IOException {
        EvidenceChain one = chain();
        for (int i = 1; i <= 30; i++) {
            one.append(withManyTables(record(i, NOON.plusSeconds(i))));
        }

        assertThat(Files.size(part("2026-11.jsonl"))).isBetween(128L * 1024, 136L * 1024);
        assertThat(part("2026-11.2.jsonl")).exists();
        EvidenceChain.Reading reading = chain().read(BEGIN, END);
        assertThat(reading.records()).hasSize(30);
        assertThat(reading.problems()).isEmpty();

        Files.delete(part("2026-11.jsonl"));
        assertThat(chain().read(BEGIN, END).problems())
                .containsExactly("litestow/evidence/2026-11.2.jsonl, line 1: what was recorded before it is missing");
    }

    @Test
    void what_was_changed_left_out_or_put_in_between_breaks_the_chain() throws Failure, IOException {
        EvidenceChain one = chain();
        for (int i = 1; i <= 4; i++) {
            one.append(record(i, NOON.plusSeconds(i)));
        }
        List<String> good = Files.readAllLines(part("2026-11.jsonl"));

        edit("2026-11.jsonl", lines -> {
            lines.set(1, lines.get(1).replace("0.25", "0.05"));
            return lines;
        });
        assertThat(chain().read(BEGIN, END).problems())
                .containsExactly("litestow/evidence/2026-11.jsonl, line 3: the record before it was changed, or one"
                        + " between them is missing");
        edit("2026-11.jsonl", lines -> List.of(good.get(0), good.get(2), good.get(3)));
        assertThat(chain().read(BEGIN, END).problems()).hasSize(1);
        edit("2026-11.jsonl", lines -> List.of(good.get(0), good.get(1), good.get(0), good.get(2)));
        assertThat(chain().read(BEGIN, END).problems()).hasSize(2);
        edit("2026-11.jsonl", lines -> List.of(good.get(0), "{\"txid\":1}", good.get(2)));
        assertThat(chain().read(BEGIN, END).problems()).anyMatch(problem -> problem.contains("no record"));
        edit("2026-11.jsonl", lines -> List.of(good.get(2), good.get(3)));
        assertThat(chain().read(BEGIN, END).problems())
                .containsExactly("litestow/evidence/2026-11.jsonl, line 1: what was recorded before it is missing");
    }

    @Test
    void a_record_is_not_added_twice_when_an_answer_was_lost() throws Failure {
        chain().append(record(1, NOON));
        chain().append(record(1, NOON));

        assertThat(chain().read(BEGIN, END).records()).hasSize(1);
    }
}
