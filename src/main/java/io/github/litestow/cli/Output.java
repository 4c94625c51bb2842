package io.github.litestow.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintStream;

/**
 * Where a command's answer goes.
 *
 * @param json how documents are written
 * @param out standard output: lines for a person, or one JSON document
 * @param err standard error, where failures go unless JSON was asked for
 */
record Output(ObjectMapper json, PrintStream out, PrintStream err) {

    /** Prints the one JSON document of a command. */
    void print(JsonDocument document) {
        try {
            out.println(json.writerWithDefaultPrettyPrinter().writeValueAsString(document));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("our own records are always writable as JSON", e);
        }
    }
}
