package io.github.litestow.report;

import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.outcome.RunRecord;
import io.github.litestow.outcome.TimeText;
import java.time.Duration;
import java.util.Locale;

/** How a run ended, in one line, and the state of a database, in a few, for a person. */
public final class TextReport {

    private TextReport() {}

    /** Returns for example {@code offloaded 000000000000000c: proven, local copy deleted (0.21 s)}. */
    public static String of(RunRecord run) {
        return run.result().words() + " (" + seconds(run.duration()) + ")";
    }

    /**
     * Returns the state of a database in a few lines, without a line feed at the end.
     *
     * @param times how times are written
     */
    public static String of(DatabaseStatus status, TimeText times) {
        BackupStatus backup = status.backup();
        StringBuilder text = new StringBuilder(backup.database())
                .append(words(backup))
                .append(backup.offloaded() ? ", offloaded" : backup.local() ? ", local copy there" : ", no local copy");
        if (backup.state() == BackupState.NOTHING_YET) {
            line(text, "WARNING", "nothing is backed up: no database at " + status.path() + ", no restore point");
        }
        line(text, "replica", status.replica());
        line(text, "last success", backup.lastSuccess().map(times::of).orElse("never"));
        line(
                text,
                "restore point",
                backup.lastRestorePoint().map(point -> words(point, times)).orElse("none"));
        line(
                text,
                "last proven",
                backup.lastProven().map(point -> words(point, times)).orElse("never"));
        backup.provenAgeSeconds().ifPresent(age -> line(text, "proof's age", TimeText.length(Duration.ofSeconds(age))));
        backup.ageSeconds().ifPresent(age -> line(text, "age", TimeText.length(Duration.ofSeconds(age))));
        backup.nextRun().ifPresent(next -> line(text, "next run", times.of(next)));
        backup.paused()
                .ifPresent(since ->
                        line(text, "PAUSED", "since " + times.of(since) + ": no slot of the cron begins a snapshot"));
        backup.conditionalWrites()
                .filter(works -> !works)
                .ifPresent(no -> line(
                        text,
                        "WARNING",
                        "the store does not keep two writers apart: use this replica from one service only"));
        status.objectLock()
                .ifPresent(mode -> line(
                        text,
                        "object lock",
                        mode + "; the bucket decides how long what was deleted or overwritten stays"));
        status.unlocked().ifPresent(words -> line(text, "WARNING", words));
        status.working().ifPresent(run -> line(text, "working", run.words()));
        status.lastFailure()
                .ifPresent(failure -> line(
                        text,
                        "last failure",
                        times.of(failure.time()) + ": " + failure.operation().label() + " at " + failure.step() + ", "
                                + failure.kind().label() + ": " + failure.cause() + ". " + failure.hint()));
        status.warnings().forEach(warning -> line(text, "warning", warning));
        return text.toString();
    }

    private static String words(RestorePoint point, TimeText times) {
        return point.txid() + ", " + point.assurance().label() + ", " + times.of(point.time());
    }

    private static String words(BackupStatus backup) {
        return switch (backup.state()) {
            case FRESH -> ": fresh";
            case STALE -> backup.lastRestorePoint().isEmpty() ? ": STALE, no backup yet" : ": STALE";
            case NOTHING_YET -> ": nothing yet";
            case RETIRED -> ": retired, its file is gone";
            case AT_REPLICA -> ": at the replica";
        };
    }

    private static void line(StringBuilder text, String what, Object value) {
        text.append(String.format(Locale.ROOT, "%n  %-13s %s", what, value));
    }

    private static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.2f s", duration.toMillis() / 1000.0);
    }
}
