package io.github.litestow.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.litestow.outcome.ErrorText;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Our own objects at one replica, to JSON and back. Immutable. */
public final class JsonObjects {
    private final String url;
    private final ObjectMapper json;

    JsonObjects(String url, ObjectMapper json) {
        this.url = url;
        this.json = json;
    }

    ObjectMapper mapper() {
        return json;
    }

    /**
     * Reads an object of ours.
     *
     * @throws Failure {@code REPLICA_UNREACHABLE} when it is not what Litestow writes
     */
    public <T> T parse(String key, StoredObject object, Class<T> type) throws Failure {
        try {
            // What a document must hold its constructor requires; what earlier versions lacked it does not.
            T document = json.readValue(object.body(), type);
            if (document == null) {
                throw strange(key, "it is empty");
            }
            return document;
        } catch (IOException e) {
            throw strange(key, ErrorText.of(e));
        }
    }

    /** Returns the failure of an object that is not what Litestow writes. */
    public Failure strange(String key, String why) {
        return new Failure(
                FailureKind.REPLICA_UNREACHABLE,
                key + " at " + url + " is not what Litestow writes there: " + why,
                "Something else answers at this URL, or the object was damaged. Stop every service that uses this"
                        + " replica and move the object away to have it made anew.");
    }

    /** Returns an object of ours as it is stored. */
    public byte[] bytes(Object document) {
        try {
            return json.writeValueAsString(document).getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("our own records are always writable as JSON", e);
        }
    }
}
