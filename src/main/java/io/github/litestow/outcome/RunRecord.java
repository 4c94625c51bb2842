package io.github.litestow.outcome;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

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
 */
public record RunRecord(
        String id,
        String database,
        Operation operation,
        String trigger,
        Instant started,
        Instant finished,
        Outcome result,
        List<String> warnings) {

    /** Copies the list. */
    public RunRecord {
        warnings = List.copyOf(warnings);
    }

    /** Returns how long the run took. */
    @JsonIgnore
    public Duration duration() {
        return Duration.between(started, finished);
    }
}
