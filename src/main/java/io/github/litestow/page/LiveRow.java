package io.github.litestow.page;

import io.github.litestow.outcome.Progress;
import io.github.litestow.outcome.RunInProgress;
import io.quarkus.qute.TemplateData;

/**
 * A run that works now, on the page.
 *
 * @param database its database
 * @param path that name as part of an address
 * @param what what it does, at which step
 * @param started when it began
 * @param far how far its long part has come, in words; empty between long parts
 * @param percent the same as a number, 0 to 100; below 0 when that is not known
 * @param pace how fast it goes and how long the rest takes; empty while that is not known
 */
@TemplateData
public record LiveRow(String database, String path, String what, String started, String far, int percent, String pace) {

    /** Shows one. */
    static LiveRow of(RunInProgress run, String pace) {
        return new LiveRow(
                run.database(),
                DatabaseRow.path(run.database()),
                run.operation().label() + " by " + run.trigger() + ", at " + run.step(),
                run.started().toString(),
                run.progress().map(Progress::words).orElse(""),
                run.progress().flatMap(Progress::percent).orElse(-1),
                pace);
    }

    /** Returns whether it is known how far it has come. */
    public boolean measured() {
        return percent >= 0;
    }
}
