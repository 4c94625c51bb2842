package io.github.litestow.page;

import io.github.litestow.outcome.Assurance;
import io.github.litestow.outcome.Kept;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.outcome.RunRecord;
import io.quarkus.qute.TemplateData;

/**
 * One ended run on the page.
 *
 * @param id its id
 * @param started when it began
 * @param operation what was asked for
 * @param trigger what asked
 * @param outcome how it ended, as a word
 * @param state {@code failed}, {@code proven}, {@code confirmed} or {@code calm}
 * @param note what else there is to say: a kind of failure, why the copy stayed
 * @param kind the kind of failure, or empty
 * @param txid the transaction it speaks of, or empty
 * @param took how long it took
 * @param uploaded how much it brought to the replica, or empty
 */
@TemplateData
public record RunRow(
        String id,
        String started,
        String operation,
        String trigger,
        String outcome,
        String state,
        String note,
        String kind,
        String txid,
        String took,
        String uploaded) {

    /** Shows one. */
    static RunRow of(RunRecord run) {
        Outcome result = run.result();
        return new RunRow(
                run.id(),
                run.started().toString(),
                run.operation().label(),
                run.trigger(),
                result.label().replace('_', ' '),
                state(result),
                note(run),
                result.failure().map(failed -> failed.kind().label()).orElse(""),
                result.restorePoint().map(RestorePoint::txid).orElse(""),
                DatabaseRow.seconds(run.duration().toMillis() / 1000.0),
                run.statistics()
                        .uploadedBytes()
                        .filter(bytes -> bytes > 0)
                        .map(DatabaseRow::size)
                        .orElse(""));
    }

    private static String state(Outcome result) {
        if (result.failure().isPresent()) {
            return "failed";
        }
        boolean proven = result.restorePoint()
                .filter(point -> point.assurance() != Assurance.CONFIRMED)
                .isPresent();
        return switch (result.which()) {
            case OFFLOADED, VERIFIED -> "proven";
            case SNAPSHOTTED -> proven ? "proven" : "confirmed";
            default -> "calm";
        };
    }

    private static String note(RunRecord run) {
        Outcome result = run.result();
        String warnings = run.warnings().isEmpty()
                ? ""
                : run.warnings().size() == 1
                        ? "1 warning, in the log"
                        : run.warnings().size() + " warnings, in the log";
        return result.failure()
                .map(failed -> "at " + failed.step())
                .or(() -> result.keptBecause().map(Kept::words))
                .map(text -> warnings.isEmpty() ? text : text + "; " + warnings)
                .orElse(warnings);
    }
}
