package io.github.litestow.outcome;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * One ended run, as the journal keeps it and the reports show it.
 *
 * @param id unique within the database, sortable by time
 * @param database the database's name in the settings
 * @param operation what was asked for
 * @param trigger what asked: {@code cron}, {@code start-up}, {@code shutdown}, {@code command},
 *     {@code http}
 * @param started when the run began
 * @param finished when it ended
 * @param result how it ended
 * @param warnings what went wrong without changing the result, one sentence each
 * @param statistics what it measured; {@code figures} in JSON
 */
@RegisterForReflection
public record RunRecord(
        String id,
        String database,
        Operation operation,
        String trigger,
        Instant started,
        Instant finished,
        Outcome result,
        List<String> warnings,
        @JsonProperty("figures") RunStatistics statistics) {

    /** Copies the list; a record of an earlier version has no statistics. */
    @JsonCreator
    public RunRecord {
        Objects.requireNonNull(id);
        Objects.requireNonNull(database);
        Objects.requireNonNull(operation);
        Objects.requireNonNull(trigger);
        Objects.requireNonNull(started);
        Objects.requireNonNull(finished);
        Objects.requireNonNull(result);
        warnings = List.copyOf(warnings);
        statistics = statistics == null ? RunStatistics.NONE : statistics;
    }

    /** A run that measured nothing. */
    public RunRecord(
            String id,
            String database,
            Operation operation,
            String trigger,
            Instant started,
            Instant finished,
            Outcome result,
            List<String> warnings) {
        this(id, database, operation, trigger, started, finished, result, warnings, RunStatistics.NONE);
    }

    /** Returns the same with other warnings. */
    public RunRecord warning(List<String> others) {
        return new RunRecord(id, database, operation, trigger, started, finished, result, others, statistics);
    }

    /** Returns how long the run took; zero when the clock was set back meanwhile. */
    @JsonIgnore
    public Duration duration() {
        return finished.isBefore(started) ? Duration.ZERO : Duration.between(started, finished);
    }
}
