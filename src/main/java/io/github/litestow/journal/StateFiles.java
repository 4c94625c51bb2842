package io.github.litestow.journal;

import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads the JSON files of a state folder. */
public final class StateFiles {
    private StateFiles() {}

    /**
     * Reads a file. Whatever is in it, it is the document or it is an exception that its readers expect.
     *
     * @throws IOException when it cannot be read, a {@link com.fasterxml.jackson.core.JacksonException}
     *     when it is no such document
     */
    public static <T> T read(Path file, ObjectMapper json, Class<T> type) throws IOException {
        T document = json.readValue(Files.readAllBytes(file), type);
        if (document == null) {
            // Jackson reads the text null as no document at all.
            throw JsonMappingException.from(json.getFactory().createParser(""), "it holds nothing but null");
        }
        return document;
    }
}
