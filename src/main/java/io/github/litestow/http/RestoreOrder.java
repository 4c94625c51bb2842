package io.github.litestow.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.litestow.run.restore.RestoreRequest;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * The body of a request for a restore: which restore point, and where to. Read strictly, since a misspelt name must
 * not mean the newest.
 *
 * @param txid the point of this transaction
 * @param at the newest point at or before this time, which has its offset
 * @param inPlace whether to bring the database itself back, if it is missing
 */
@RegisterForReflection
@Schema(
        name = "RestoreOrder",
        description = "Which restore point: txid or at, or neither for the newest; and whether to bring the database"
                + " itself back",
        maxProperties = 2,
        additionalProperties = Schema.False.class)
record RestoreOrder(
        @Schema(
                description = "A transaction id as the restore points have it",
                pattern = "^[0-9a-fA-F]{16}$",
                examples = "0000000000000002")
        Optional<String> txid,

        @Schema(
                description = "The newest point at or before this time",
                format = "date-time",
                examples = "2026-11-21T09:00:00Z")
        Optional<String> at,

        @Schema(description = "Whether to bring the database itself back; never over a file")
        boolean inPlace) {
    /** The newest point, beside the database. */
    private static final RestoreOrder NEWEST = new RestoreOrder(Optional.empty(), Optional.empty(), false);

    private static final String TXID = "[0-9a-fA-F]{16}";

    /**
     * Reads a body; none means the newest point.
     *
     * @throws Refused when it is malformed, naming what is wrong
     */
    static RestoreOrder read(ObjectMapper json, String body) {
        if (body == null || body.isBlank()) {
            return NEWEST;
        }
        RestoreOrder order;
        try {
            // Jackson takes numbers and texts for true and false, too.
            JsonNode inPlace = json.readTree(body).get("inPlace");
            if (inPlace != null && !inPlace.isBoolean()) {
                throw Refused.malformed("inPlace is neither true nor false.");
            }
            order = json.readerFor(RestoreOrder.class)
                    .with(
                            DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                            DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .readValue(body);
        } catch (JsonProcessingException e) {
            throw Refused.malformed(
                    "The body is not a JSON object with at most one of txid and at, both text, and inPlace,"
                            + " true or false.");
        }
        if (order == null) {
            throw Refused.malformed("The body is null. Leave it out for the newest restore point.");
        }
        order.point();
        return order;
    }

    /** Returns which restore point is asked for. */
    RestoreRequest.Point point() {
        if (txid.isPresent() && at.isPresent()) {
            throw Refused.malformed("txid and at exclude each other. Give one of them.");
        }
        if (txid.isPresent() && !txid.get().matches(TXID)) {
            throw Refused.malformed("txid is not a transaction id of 16 hexadecimal digits.");
        }
        return new RestoreRequest.Point(txid.map(text -> text.toLowerCase(Locale.ROOT)), at.map(RestoreOrder::instant));
    }

    private static Instant instant(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw Refused.malformed("at is not a time with its offset, for example 2026-11-21T09:00:00Z.");
        }
    }
}
