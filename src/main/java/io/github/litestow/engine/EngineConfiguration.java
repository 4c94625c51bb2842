package io.github.litestow.engine;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.litestow.config.ConfiguredDatabase;

/**
 * The configuration that the engine reads from standard input. It is JSON, which is YAML too: every
 * character of a path or URL is escaped by the emitter. It holds no secret; those go through the
 * environment ({@link EngineEnvironment}).
 */
final class EngineConfiguration {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The default of 30 s only delays the message of an upload that has failed already. */
    private static final String SHUTDOWN_SYNC_TIMEOUT = "2s";

    private EngineConfiguration() {}

    /** Returns the configuration of one sync, which logs to standard output. */
    static String forSync(EngineTarget target, ConfiguredDatabase database) {
        return of(target, database, false);
    }

    /** Returns the configuration of a question: standard output is for the answer alone. */
    static String forAnswer(EngineTarget target, ConfiguredDatabase database) {
        return of(target, database, true);
    }

    private static String of(EngineTarget target, ConfiguredDatabase database, boolean logToStandardError) {
        ObjectNode root = JSON.createObjectNode();
        root.put("shutdown-sync-timeout", SHUTDOWN_SYNC_TIMEOUT);
        root.putObject("logging").put("level", "info").put("type", "text").put("stderr", logToStandardError);
        ObjectNode db = root.putArray("dbs").addObject();
        db.put("path", database.database().toString());
        // Named although it is the default: it is the folder that we read and delete.
        db.put("meta-path", database.engineFolder().toString());
        db.set("replica", JSON.valueToTree(target.configuration(database)));
        return root.toString();
    }
}
