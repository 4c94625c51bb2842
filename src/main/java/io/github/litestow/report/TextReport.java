package io.github.litestow.report;

import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.outcome.RunRecord;
import java.time.Duration;
import java.util.Locale;

/** Says how a run ended in one line that a person can read. */
public final class TextReport {

    private TextReport() {}

    /** Returns for example {@code offloaded 000000000000000c: proven, local copy deleted (0.21 s)}. */
    public static String of(RunRecord run) {
        return run.result().words() + " (" + seconds(run.duration()) + ")";
    }

    /** Returns where a database stands, in a few lines for a person. */
    public static String of(DatabaseStatus status) {
        StringBuilder text = new StringBuilder(status.database())
                .append(status.fresh() ? ": fresh" : ": STALE")
                .append(status.offloaded() ? ", offloaded" : status.local() ? ", local copy there" : ", no local copy");
        line(text, "replica", status.replica());
        line(text, "last success", status.lastSuccess().map(Object::toString).orElse("never"));
        line(
                text,
                "restore point",
                status.lastRestorePoint().map(RestorePoint::words).orElse("none"));
        line(text, "last proven", status.lastProven().map(RestorePoint::words).orElse("never"));
        status.provenAgeSeconds().ifPresent(age -> line(text, "proof's age", Duration.ofSeconds(age)));
        status.ageSeconds().ifPresent(age -> line(text, "age", Duration.ofSeconds(age)));
        status.nextRun().ifPresent(next -> line(text, "next run", next));
        status.conditionalWrites()
                .filter(decides -> !decides)
                .ifPresent(no -> line(
                        text, "WARNING", "the store does not keep two writers apart: use this replica from one only"));
        status.working().ifPresent(run -> line(text, "working", run.words()));
        status.lastFailure()
                .ifPresent(failure -> line(
                        text,
                        "last failure",
                        failure.time() + " " + failure.operation().label() + " at " + failure.step() + ", "
                                + failure.kind() + ": " + failure.cause() + ". " + failure.hint()));
        status.warnings().forEach(warning -> line(text, "warning", warning));
        return text.toString();
    }

    private static void line(StringBuilder text, String what, Object value) {
        text.append(String.format("%n  %-13s %s", what, value));
    }

    static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.2f s", duration.toMillis() / 1000.0);
    }
}
