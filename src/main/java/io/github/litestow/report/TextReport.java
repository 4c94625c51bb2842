package io.github.litestow.report;

import io.github.litestow.outcome.Outcome;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.outcome.RunRecord;
import java.time.Duration;
import java.util.Locale;

/** How a run ended, in one line, and the state of a database, in a few, for a person. */
public final class TextReport {

    private TextReport() {}

    /** Returns for example {@code offloaded 000000000000000c: proven, local copy deleted (0.21 s)}. */
    public static String of(RunRecord run) {
        return of(run.result()) + " (" + seconds(run.duration()) + ")";
    }

    private static String of(Outcome outcome) {
        if (outcome instanceof Outcome.Offloaded end) {
            return "offloaded " + end.point().txid() + ": proven, local copy deleted";
        }
        if (outcome instanceof Outcome.Snapshotted end) {
            return "snapshot " + end.point().txid() + " "
                    + end.point().assurance().label() + ", local copy "
                    + end.kept().words();
        }
        if (outcome instanceof Outcome.Unchanged end) {
            return "unchanged since " + end.point().txid() + ", nothing uploaded";
        }
        if (outcome instanceof Outcome.Restored end) {
            return "restored " + end.point().txid() + ", integrity checked";
        }
        if (outcome instanceof Outcome.Verified end) {
            return "verified " + end.point().txid();
        }
        if (outcome instanceof Outcome.AlreadyPresent) {
            return "a local database is there and was left alone";
        }
        if (outcome instanceof Outcome.NothingToRestore end && end.first().isPresent()) {
            return "the replica holds no restore point that old, the first is "
                    + of(end.first().get()) + ": nothing to restore";
        }
        if (outcome instanceof Outcome.NothingToRestore) {
            return "the replica holds no restore point: nothing to restore";
        }
        if (outcome instanceof Outcome.NothingToSnapshot) {
            return "no local database: nothing to snapshot";
        }
        if (outcome instanceof Outcome.Skipped end) {
            return "skipped: " + end.reason();
        }
        if (outcome instanceof Outcome.Failed end) {
            return "FAILED at " + end.step() + ", " + end.kind().label() + ": " + end.cause() + ". " + end.hint();
        }
        throw new IllegalStateException("an outcome without a sentence: " + outcome);
    }

    /** Returns the state of a database in a few lines, without a line feed at the end. */
    public static String of(DatabaseStatus status) {
        BackupStatus backup = status.backup();
        StringBuilder text = new StringBuilder(backup.database())
                .append(backup.fresh() ? ": fresh" : ": STALE")
                .append(backup.offloaded() ? ", offloaded" : backup.local() ? ", local copy there" : ", no local copy");
        line(text, "replica", status.replica());
        line(text, "last success", backup.lastSuccess().map(Object::toString).orElse("never"));
        line(
                text,
                "restore point",
                backup.lastRestorePoint().map(TextReport::of).orElse("none"));
        line(text, "last proven", backup.lastProven().map(TextReport::of).orElse("never"));
        backup.provenAgeSeconds().ifPresent(age -> line(text, "proof's age", Duration.ofSeconds(age)));
        backup.ageSeconds().ifPresent(age -> line(text, "age", Duration.ofSeconds(age)));
        backup.nextRun().ifPresent(next -> line(text, "next run", next));
        backup.conditionalWrites()
                .filter(works -> !works)
                .ifPresent(no -> line(
                        text,
                        "WARNING",
                        "the store does not keep two writers apart: use this replica from one service only"));
        status.working().ifPresent(run -> line(text, "working", run.words()));
        status.lastFailure()
                .ifPresent(failure -> line(
                        text,
                        "last failure",
                        failure.time() + " " + failure.operation().label() + " at " + failure.step() + ", "
                                + failure.kind().label() + ": " + failure.cause() + ". " + failure.hint()));
        status.warnings().forEach(warning -> line(text, "warning", warning));
        return text.toString();
    }

    private static String of(RestorePoint point) {
        return point.txid() + " of " + point.time() + ", " + point.assurance().label();
    }

    private static void line(StringBuilder text, String what, Object value) {
        text.append(String.format(Locale.ROOT, "%n  %-13s %s", what, value));
    }

    private static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.2f s", duration.toMillis() / 1000.0);
    }
}
