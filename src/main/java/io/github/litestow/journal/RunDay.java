package io.github.litestow.journal;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.github.litestow.outcome.Assurance;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Operation;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.outcome.RunRecord;
import io.github.litestow.outcome.RunStatistics;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Objects;
import java.util.Optional;

/**
 * A day on which a service watched over a database, and what the runs that ended on it came to. The runs themselves are kept for the last two hundred
 * only, which at one each five minutes is less than a day. Immutable.
 *
 * @param day the day, in UTC
 * @param proven how many runs proved a restore point
 * @param confirmed how many uploaded and confirmed without proving
 * @param unchanged how many found nothing new
 * @param failed how many failed
 * @param missed how many made up for slots that had passed while no service was there
 * @param other how many ended otherwise: a restore, a first start
 * @param worst the id of the last run that failed, or else of the last that proved or confirmed
 * @param kind why the last failed run failed
 * @param longestMillis how long the longest run took, in milliseconds
 * @param statistics what was measured last on that day; {@code figures} in JSON
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record RunDay(
        LocalDate day,
        int proven,
        int confirmed,
        int unchanged,
        int failed,
        int missed,
        int other,
        Optional<String> worst,
        Optional<FailureKind> kind,
        long longestMillis,
        @JsonProperty("figures") RunStatistics statistics) {

    /** How many days are kept. */
    public static final int DAYS = 90;

    /** Nothing was measured where the file says nothing. */
    public RunDay {
        Objects.requireNonNull(day);
        worst = worst == null ? Optional.empty() : worst;
        kind = kind == null ? Optional.empty() : kind;
        statistics = statistics == null ? RunStatistics.NONE : statistics;
    }

    /** A day on which no run has ended yet. */
    public static RunDay empty(LocalDate day) {
        return new RunDay(day, 0, 0, 0, 0, 0, 0, Optional.empty(), Optional.empty(), 0, RunStatistics.NONE);
    }

    /** Returns the day, in UTC, on which a run ended. */
    static LocalDate of(RunRecord run) {
        return run.finished().atZone(ZoneOffset.UTC).toLocalDate();
    }

    /** Returns this day with one more run. */
    RunDay and(RunRecord run) {
        Outcome result = run.result();
        Outcome.Case which = result.which();
        boolean fails = which == Outcome.Case.FAILED;
        boolean tells = which == Outcome.Case.OFFLOADED
                || which == Outcome.Case.SNAPSHOTTED
                || which == Outcome.Case.VERIFIED
                || which == Outcome.Case.UNCHANGED;
        boolean proves = tells && proves(result);
        boolean confirms = which == Outcome.Case.SNAPSHOTTED && !proves;
        boolean finds = which == Outcome.Case.UNCHANGED && !proves;
        boolean makesUp = run.operation() == Operation.SNAPSHOT && run.trigger().equals("start-up");
        boolean better = (proves || confirms) && failed == 0;
        return new RunDay(
                day,
                proven + (proves ? 1 : 0),
                confirmed + (confirms ? 1 : 0),
                unchanged + (finds ? 1 : 0),
                failed + (fails ? 1 : 0),
                missed + (makesUp ? 1 : 0),
                other + (tells || fails ? 0 : 1),
                fails || better ? Optional.of(run.id()) : worst,
                result.failure().map(Outcome.Failed::kind).or(() -> kind),
                Math.max(longestMillis, run.duration().toMillis()),
                run.statistics().over(statistics));
    }

    /** What was found unchanged may have been proven long ago. */
    private static boolean proves(Outcome result) {
        return result.which() == Outcome.Case.VERIFIED
                || (result.which() != Outcome.Case.UNCHANGED
                        && result.restorePoint()
                                .filter(point -> point.assurance() != Assurance.CONFIRMED)
                                .isPresent());
    }
}
