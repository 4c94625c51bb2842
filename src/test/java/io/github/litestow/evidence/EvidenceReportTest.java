package io.github.litestow.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.outcome.Assurance;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.outcome.TimeText;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EvidenceReportTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final Duration DAY = Duration.ofDays(1);

    private static EvidenceRecord record(int number, Instant time, double seconds) {
        return new EvidenceRecord(
                "<orders>",
                String.format("%016x", number),
                time,
                "live",
                "run",
                seconds,
                3,
                4096,
                12_288,
                "ab".repeat(32),
                Map.of("t", 5L),
                Optional.of(DAY.toSeconds()),
                Map.of(),
                "");
    }

    private static EvidenceReport report(List<EvidenceRecord> records, List<String> problems, RestorePoint... points) {
        return EvidenceReport.of(
                "<orders>",
                "s3://b/p",
                NOW.minus(Duration.ofDays(90)),
                NOW,
                new EvidenceChain.Reading(records, problems),
                List.of(points),
                Duration.ofHours(1));
    }

    @Test
    void a_time_without_aproof_that_was_due_is_a_gap_and_one_within_the_tolerance_is_none() {
        EvidenceReport report = report(
                List.of(
                        record(1, NOW.minus(Duration.ofDays(6)), 1),
                        record(2, NOW.minus(Duration.ofDays(5)), 9),
                        record(3, NOW.minus(Duration.ofHours(25)), 2)),
                List.of());

        assertThat(report.gaps())
                .containsExactly(new EvidenceReport.Gap(
                        NOW.minus(Duration.ofDays(5)), NOW.minus(Duration.ofHours(25)), DAY.toSeconds()));
        assertThat(report.restoreSeconds()).contains(new EvidenceReport.RestoreTimes(2, 9, 2));
        assertThat(report.sentence()).isEqualTo("3 proofs in 90 d, the chain holds, 1 gap");
    }

    @Test
    void proven_points_after_the_last_record_are_told() {
        RestorePoint proven = new RestorePoint("0000000000000009", NOW, Assurance.OFFLOADED);
        RestorePoint confirmed = new RestorePoint("000000000000000a", NOW, Assurance.CONFIRMED);

        assertThat(report(List.of(record(3, NOW, 1)), List.of(), proven, confirmed)
                        .withoutRecord())
                .containsExactly("0000000000000009");
    }

    @Test
    void evidence_that_is_gone_altogether_is_told_of_every_proven_point_of_the_time() {
        RestorePoint older = new RestorePoint("0000000000000008", NOW.minus(Duration.ofDays(91)), Assurance.PROVEN);
        RestorePoint proven = new RestorePoint("0000000000000009", NOW, Assurance.OFFLOADED);

        EvidenceReport report = report(List.of(), List.of(), older, proven);

        assertThat(report.withoutRecord()).containsExactly("0000000000000009");
        assertThat(report.lines(new TimeText(NOW, ZoneOffset.UTC)))
                .anyMatch(line -> line.contains("1 proven restore point has no record: 0000000000000009"));
    }

    @Test
    void a_broken_chain_is_the_first_thing_said() {
        EvidenceReport report = report(List.of(record(1, NOW, 1)), List.of("line 3: changed"));

        assertThat(report.lines(new TimeText(NOW, ZoneOffset.UTC)))
                .first()
                .asString()
                .startsWith("<orders>: THE CHAIN IS BROKEN");
        assertThat(report.lines(new TimeText(NOW, ZoneOffset.UTC)))
                .last()
                .asString()
                .contains("BROKEN", "line 3");
    }

    @Test
    void the_page_escapes_what_comes_from_outside_and_stays_small_whatever_there_is() {
        List<EvidenceRecord> records = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            records.add(record(i, NOW.minus(Duration.ofDays(90)).plusSeconds(i * 380L), 1));
        }

        String html = EvidenceHtml.of(List.of(report(records, List.of())), NOW);

        assertThat(html).contains("&lt;orders&gt;").doesNotContain("<orders>").contains("20000 proofs", "@page");
        assertThat(html.length()).isLessThan(30_000);
        assertThat(html.split("<tr>", -1)).hasSizeLessThan(40);
    }
}
