package io.github.litestow.evidence;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.github.litestow.outcome.Assurance;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.outcome.TimeText;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How often, how fast and how completely a database was proven, and when it was not. Immutable.
 *
 * @param database its name
 * @param replica the replica's URL
 * @param since from when on
 * @param until until when
 * @param chainHolds whether no record was changed, left out or put in between
 * @param problems where the chain does not hold
 * @param proofs how many proofs there are of each kind
 * @param lastProof the newest record
 * @param restoreSeconds how long restores took, if there was one
 * @param gaps the times in which a proof was due and none was made
 * @param withoutRecord proven restore points that should have a record and have none: those after the newest record
 * @param records every proof, oldest first
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record EvidenceReport(
        String database,
        String replica,
        Instant since,
        Instant until,
        boolean chainHolds,
        List<String> problems,
        Map<String, Long> proofs,
        Optional<EvidenceRecord> lastProof,
        Optional<RestoreTimes> restoreSeconds,
        List<Gap> gaps,
        List<String> withoutRecord,
        List<EvidenceRecord> records) {

    /**
     * How long restores took, in seconds.
     *
     * @param median of all of them
     * @param slowest of all of them
     * @param last the newest one
     */
    public record RestoreTimes(double median, double slowest, double last) {}

    /**
     * A time without a proof.
     *
     * @param from when the last proof before it was made, or when the time of the report begins
     * @param to when the next one was made, or until when the report goes
     * @param dueSeconds within which time there should have been one
     */
    public record Gap(Instant from, Instant to, long dueSeconds) {}

    /**
     * Judges what was read.
     *
     * @param points what the replica's record of restore points says, oldest first
     * @param tolerance how much later than promised a proof may come: it comes with a run
     */
    public static EvidenceReport of(
            String database,
            String replica,
            Instant since,
            Instant until,
            EvidenceChain.Reading reading,
            List<RestorePoint> points,
            Duration tolerance) {
        List<EvidenceRecord> records = reading.records();
        Optional<EvidenceRecord> last =
                records.isEmpty() ? Optional.empty() : Optional.of(records.get(records.size() - 1));
        return new EvidenceReport(
                database,
                replica,
                since,
                until,
                reading.problems().isEmpty(),
                reading.problems(),
                records.stream()
                        .collect(Collectors.groupingBy(EvidenceRecord::how, TreeMap::new, Collectors.counting())),
                last,
                last.map(newest -> times(records, newest)),
                gaps(records, until, tolerance),
                withoutRecord(points, since, last),
                records);
    }

    private static RestoreTimes times(List<EvidenceRecord> records, EvidenceRecord last) {
        List<Double> seconds =
                records.stream().map(EvidenceRecord::restoreSeconds).sorted().toList();
        return new RestoreTimes(
                seconds.get(seconds.size() / 2), seconds.get(seconds.size() - 1), last.restoreSeconds());
    }

    private static List<Gap> gaps(List<EvidenceRecord> records, Instant until, Duration tolerance) {
        List<Gap> gaps = new ArrayList<>();
        for (int i = 0; i < records.size(); i++) {
            EvidenceRecord record = records.get(i);
            Instant next = i + 1 < records.size() ? records.get(i + 1).time() : until;
            Optional<Long> due = record.dueSeconds();
            if (due.isPresent()
                    && record.time().plusSeconds(due.get()).plus(tolerance).isBefore(next)) {
                gaps.add(new Gap(record.time(), next, due.get()));
            }
        }
        return gaps;
    }

    /**
     * A point that was proven later than the newest record says must have had one, or records were cut off;
     * where there is no record at all, that is every proven point of the time.
     */
    private static List<String> withoutRecord(List<RestorePoint> points, Instant since, Optional<EvidenceRecord> last) {
        return points.stream()
                .filter(point -> point.assurance() != Assurance.CONFIRMED)
                .filter(point -> last.map(newest -> point.txid().compareTo(newest.txid()) > 0)
                        .orElseGet(() -> !point.time().isBefore(since)))
                .sorted(Comparator.comparing(RestorePoint::txid))
                .map(RestorePoint::txid)
                .toList();
    }

    /** Returns how many proofs there are in all. */
    @JsonIgnore
    public long count() {
        return records.size();
    }

    /** Returns it in lines, for a person. */
    public List<String> lines(TimeText times) {
        List<String> lines = new ArrayList<>();
        lines.add(database + ": " + sentence());
        lines.add(line("replica", replica));
        lines.add(line("since", times.of(since)));
        lastProof.ifPresent(last -> {
            lines.add(line("last proof", last.txid() + ", " + times.of(last.time())));
            lines.add(line(
                    "it restored", String.format(Locale.ROOT, "%,d pages, %,d bytes", last.pages(), last.bytes())));
            lines.add(line("sha256", last.sha256()));
        });
        restoreSeconds.ifPresent(took -> lines.add(line(
                "a restore took",
                String.format(
                        Locale.ROOT,
                        "%.2f s the last time; median %.2f s, longest %.2f s",
                        took.last(),
                        took.median(),
                        took.slowest()))));
        proofs.forEach(
                (how, count) -> lines.add(line(how, count + (count == 1 ? " proof, " : " proofs, ") + words(how))));
        gaps.forEach(gap -> lines.add(line(
                "GAP",
                times.of(gap.from()) + " for "
                        + TimeText.length(Duration.between(gap.from(), gap.to())) + ", due within "
                        + TimeText.length(Duration.ofSeconds(gap.dueSeconds())))));
        if (!withoutRecord.isEmpty()) {
            lines.add(line(
                    "WARNING",
                    (withoutRecord.size() == 1
                                    ? "1 proven restore point has no record: "
                                    : withoutRecord.size() + " proven restore points have no record, the first is ")
                            + withoutRecord.get(0) + "; records were removed, or could not be written"));
        }
        problems.forEach(problem -> lines.add(line("BROKEN", problem)));
        return lines;
    }

    /** Returns the one sentence that matters, without a full stop. */
    public String sentence() {
        String proven = count() + (count() == 1 ? " proof" : " proofs") + " in "
                + TimeText.length(Duration.between(since, until));
        if (!chainHolds) {
            return "THE CHAIN IS BROKEN: these records cannot be relied on (" + proven + ")";
        }
        if (records.isEmpty()) {
            return "no proof is on record";
        }
        return proven + ", the chain holds, "
                + (gaps.isEmpty() ? "no gap" : gaps.size() + (gaps.size() == 1 ? " gap" : " gaps"));
    }

    /** Returns what a kind of proof is. */
    public static String words(String how) {
        return switch (how) {
            case "sealed" -> "compared page by page with the local database, which nobody else could use";
            case "live" -> "compared page by page with the local database while its writers went on";
            case "restored" -> "restored whole and checked, with no local database to compare with";
            default -> "of a kind that this version does not know";
        };
    }

    private static String line(String what, Object value) {
        return String.format(Locale.ROOT, "  %-14s %s", what, value);
    }
}
