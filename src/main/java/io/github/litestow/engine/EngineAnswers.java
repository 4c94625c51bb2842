package io.github.litestow.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.litestow.engine.EngineFailures.Context;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.ReplicaFile;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Reads the JSON that litestream 0.5 prints. Pure. */
final class EngineAnswers {
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final Pattern TXID = Pattern.compile("[0-9a-f]{16}");

    private EngineAnswers() {}

    /**
     * Returns the transaction in the answer of {@code restore -json}; empty text when the engine
     * names none, as for a replica of 0.3.
     */
    static String restoredTxid(Context context, EngineRun run) throws Failure {
        JsonNode answer = read(context, run);
        String txid = answer.path("txid").asText("");
        if (!answer.isObject() || !(txid.isEmpty() || TXID.matcher(txid).matches()) || !answer.has("db_path")) {
            throw EngineFailures.garbage(context, "did not say what it restored", run.output());
        }
        return txid;
    }

    /** Returns the files in the answer of {@code ltx -json}. */
    static List<ReplicaFile> listing(Context context, EngineRun run) throws Failure {
        JsonNode answer = read(context, run);
        if (!answer.isArray()) {
            throw EngineFailures.garbage(context, "did not answer with a list", run.output());
        }
        List<ReplicaFile> files = new ArrayList<>();
        for (JsonNode entry : answer) {
            files.add(file(context, entry));
        }
        return List.copyOf(files);
    }

    /** Returns the files in the answer of {@code restore -dry-run -json}, which must reach {@code txid}. */
    static List<ReplicaFile> plan(Context context, EngineRun run, String txid) throws Failure {
        JsonNode answer = read(context, run);
        JsonNode planned = answer.path("files");
        if (!planned.isArray()
                || planned.isEmpty()
                || !answer.path("max_txid").asText("").equals(txid)) {
            throw EngineFailures.garbage(context, "did not plan a restore of " + txid, run.output());
        }
        List<ReplicaFile> files = new ArrayList<>();
        for (JsonNode entry : planned) {
            files.add(file(context, entry));
        }
        return List.copyOf(files);
    }

    private static ReplicaFile file(Context context, JsonNode entry) throws Failure {
        String min = entry.path("min_txid").asText("");
        String max = entry.path("max_txid").asText("");
        boolean complete = entry.path("level").isInt()
                && entry.path("size").isIntegralNumber()
                && TXID.matcher(min).matches()
                && TXID.matcher(max).matches();
        if (!complete) {
            throw EngineFailures.garbage(context, "listed what is not an LTX file", entry.toString());
        }
        try {
            return new ReplicaFile(
                    entry.path("level").intValue(),
                    min,
                    max,
                    entry.path("size").longValue(),
                    OffsetDateTime.parse(entry.path("timestamp").asText("")).toInstant());
        } catch (DateTimeException e) {
            // Without the cause: its message quotes the output, unmasked.
            throw EngineFailures.garbage(context, "listed an LTX file without a time", entry.toString());
        }
    }

    private static JsonNode read(Context context, EngineRun run) throws Failure {
        if (!run.outputComplete()) {
            throw EngineFailures.garbage(context, "printed more than can be read", "");
        }
        try {
            return JSON.readTree(run.output());
        } catch (JsonProcessingException e) {
            // Without the cause: its message quotes the output, unmasked.
            throw EngineFailures.garbage(context, "did not answer with JSON", run.output());
        }
    }
}
