package io.github.litestow.engine;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.litestow.settings.DatabaseSettings;

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
    static String forSync(DatabaseSettings database) {
        return of(database, false);
    }

    /** Returns the configuration of a question: standard output is for the answer alone. */
    static String forAnswer(DatabaseSettings database) {
        return of(database, true);
    }

    private static String of(DatabaseSettings database, boolean logToStandardError) {
        ObjectNode root = JSON.createObjectNode();
        root.put("shutdown-sync-timeout", SHUTDOWN_SYNC_TIMEOUT);
        root.putObject("logging").put("level", "info").put("type", "text").put("stderr", logToStandardError);
        ObjectNode db = root.putArray("dbs").addObject();
        db.put("path", database.database().toString());
        // Named although it is the default: it is the folder that we read and delete.
        db.put("meta-path", database.engineFolder().toString());
        replica(database, db.putObject("replica"));
        return root.toString();
    }

    private static void replica(DatabaseSettings database, ObjectNode replica) {
        switch (database.replica().scheme()) {
            case "file" -> {
                replica.put("type", "file");
                replica.put("path", String.valueOf(database.replica().folder().orElseThrow()));
            }
            case "s3" -> {
                // Not as a URL, in which the engine decodes %20 and the like: these are the keys themselves.
                replica.put("type", "s3");
                replica.put("bucket", database.replica().bucket().orElseThrow());
                replica.put("path", database.replica().prefix());
                database.s3().endpoint().ifPresent(endpoint -> replica.put("endpoint", endpoint));
                database.s3().region().ifPresent(region -> replica.put("region", region));
                replica.put("force-path-style", database.s3().forcePathStyle());
            }
            default -> replica.put("url", database.replica().url());
        }
    }
}
