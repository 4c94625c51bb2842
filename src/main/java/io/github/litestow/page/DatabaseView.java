package io.github.litestow.page;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.journal.RunDay;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.outcome.RunRecord;
import io.github.litestow.outcome.TimeText;
import io.github.litestow.report.DatabaseStanding;
import io.github.litestow.report.DatabaseStatus;
import io.github.litestow.report.Verdict;
import io.quarkus.qute.TemplateData;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The page of one database.
 *
 * @param row what the first page says of it, too
 * @param sentence the sentence that comes first, behind its name
 * @param newest the newest restore point's transaction, or empty
 * @param warnings how many warnings the last snapshot left in the log
 * @param alone whether its store was seen not to keep two writers apart
 * @param failure what failed; null when nothing did
 * @param strip its last ninety days
 * @param day the day whose runs were asked for; empty for the last runs
 * @param runs its runs, newest first
 * @param chart what is drawn
 * @param command its name as the command line takes it; empty when it needs none
 */
@TemplateData
public record DatabaseView(
        DatabaseRow row,
        String sentence,
        String newest,
        int warnings,
        boolean alone,
        FailureCard failure,
        DayStrip strip,
        String day,
        List<RunRow> runs,
        Chart chart,
        String command) {
    private static final int MOST_RUNS = 50;

    /**
     * A failure, in words that name no path.
     *
     * @param operation what was asked for
     * @param time when it ended
     * @param ago how long ago that is
     * @param kind its kind
     * @param step the step that failed
     * @param mend what its kind means, and what to do about it
     */
    @TemplateData
    public record FailureCard(String operation, String time, String ago, String kind, String step, Mend mend) {

        private static FailureCard of(DatabaseStatus.LastFailure failure, Mends mends, Instant now) {
            return new FailureCard(
                    failure.operation().label(),
                    failure.time().toString(),
                    new TimeText(now, ZoneOffset.UTC).distance(failure.time()),
                    failure.kind().label(),
                    failure.step(),
                    mends.of(failure.kind()));
        }
    }

    /**
     * Shows one.
     *
     * @param days what is known of its last days
     * @param runs its last runs, oldest first
     * @param day the day whose runs are asked for; empty for the last ones
     */
    static DatabaseView of(
            ConfiguredDatabase settings,
            DatabaseStanding standing,
            List<RunDay> days,
            List<RunRecord> runs,
            String day,
            Mends mends,
            Instant now) {
        List<RunRecord> newestFirst = new ArrayList<>(runs);
        Collections.reverse(newestFirst);
        DatabaseStatus status = standing.status();
        return new DatabaseView(
                DatabaseRow.of(standing, now),
                sentence(standing),
                status.backup().lastRestorePoint().map(RestorePoint::txid).orElse(""),
                status.warnings().size(),
                status.backup().conditionalWrites().filter(works -> !works).isPresent(),
                status.lastFailure()
                        .map(failure -> FailureCard.of(failure, mends, now))
                        .orElse(null),
                DayStrip.of(days, settings.schedule(), now),
                day,
                newestFirst.stream()
                        .filter(run -> day.isEmpty()
                                || run.finished()
                                        .atZone(ZoneOffset.UTC)
                                        .toLocalDate()
                                        .toString()
                                        .equals(day))
                        .limit(MOST_RUNS)
                        .map(RunRow::of)
                        .toList(),
                Chart.of(days, runs),
                settings.name().equals("default") ? "" : " " + settings.name());
    }

    private static String sentence(DatabaseStanding standing) {
        return standing.verdict() == Verdict.SAFE ? "is safe: it " + standing.words() + "." : standing.words() + ".";
    }
}
