package io.github.litestow.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.List;

/**
 * How a process ended.
 *
 * @param exitCode its exit code
 * @param out standard output
 * @param err standard error
 * @param took from its start, or from the signal that ended it
 */
record Ended(int exitCode, String out, String err, Duration took) {
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    /** Makes sure of the exit code. */
    Ended with(int expected) {
        assertThat(exitCode).as("the exit code; it said:%n%s%n%s", out, err).isEqualTo(expected);
        return this;
    }

    /** Makes sure that it says one clear line about what is wrong, and nothing to standard output. */
    Ended sayingOnce(String... words) {
        assertThat(out).as("standard output").isEmpty();
        assertThat(complaints()).as("what it complains of").hasSize(1);
        assertThat(complaints().get(0)).contains(words);
        assertThat(err).doesNotContain("\tat ", "Caused by");
        return this;
    }

    /** Returns the lines for the person on standard error; those of the log begin with a time. */
    List<String> complaints() {
        return err.lines()
                .filter(line -> !line.matches("(?s)\\d{4}-\\d\\d-\\d\\dT.*"))
                .toList();
    }

    /** Returns the one JSON document on standard output. */
    JsonNode json() {
        try {
            return JSON.readTree(out);
        } catch (JsonProcessingException e) {
            throw new AssertionError("not one JSON document: " + out, e);
        }
    }

    /** Returns the first run of the JSON document. */
    JsonNode firstRun() {
        return json().path("runs").path(0);
    }

    /** Returns the first database's status of the JSON document. */
    JsonNode firstStatus() {
        return json().path("databases").path(0);
    }
}
