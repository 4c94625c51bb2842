package io.github.litestow.http;

/** Examples of answers, for the OpenAPI document. */
final class Examples {
    static final String POINT =
            "{\"txid\": \"0000000000000002\", \"time\": \"2026-11-21T12:00:01Z\", \"assurance\": \"offloaded\"}";

    static final String DATABASE =
            "{\"database\": \"default\", \"ready\": true, \"local\": false, \"offloaded\": true, \"fresh\": true,"
                    + " \"lastSuccess\": \"2026-11-21T12:00:01Z\", \"ageSeconds\": 0, \"maxAgeSeconds\": 900,"
                    + " \"lastRestorePoint\": " + POINT + ", \"lastProven\": " + POINT
                    + ", \"provenAgeSeconds\": 59, \"nextRun\": \"2026-11-21T12:05:00Z\", \"conditionalWrites\": true}";

    static final String ENDED =
            "{\"id\": \"20261121T120000.000-1\", \"database\": \"default\", \"operation\": \"snapshot\","
                    + " \"trigger\": \"cron\", \"state\": \"ended\", \"started\": \"2026-11-21T12:00:00Z\","
                    + " \"finished\": \"2026-11-21T12:00:01Z\", \"outcome\": \"offloaded\", \"restorePoint\": " + POINT
                    + ", \"warnings\": 0}";

    static final String WORKING =
            "{\"id\": \"20261121T120059.000-2\", \"database\": \"default\", \"operation\": \"restore\","
                    + " \"trigger\": \"http\", \"state\": \"working\", \"started\": \"2026-11-21T12:00:59Z\","
                    + " \"step\": \"restore\", \"progress\": {\"doing\": \"restoring\", \"bytes\": 104857600,"
                    + " \"expected\": 209715200, \"percent\": 50},"
                    + " \"file\": \"restores/db-20261121T120059.000-2.sqlite\"}";

    static final String POINTS = "{\"database\": \"default\", \"restorePoints\": [{\"txid\": \"0000000000000002\","
            + " \"time\": \"2026-11-21T12:00:01Z\", \"bytes\": 4096, \"assurance\": \"offloaded\","
            + " \"labels\": [\"before-1.9\"], \"pinned\": true, \"userVersion\": 19}]}";

    static final String SUMMARY =
            "{\"at\": \"2026-11-21T12:00:59Z\", \"verdict\": \"at_risk\", \"sentence\": \"1 of 2 at risk: orders has"
                    + " not been proven for 3 d.\", \"counts\": {\"databases\": 2, \"atRisk\": 1, \"waiting\": 0,"
                    + " \"safe\": 1, \"offloaded\": 1, \"working\": 0, \"unprotected\": 0}, \"worst\": [{\"database\": \"orders\","
                    + " \"verdict\": \"at_risk\", \"standing\": \"proof_overdue\", \"words\": \"has not been proven"
                    + " for 3 d\"}], \"unprotected\": []}";

    static final String BADGE = "{\"schemaVersion\": 1, \"label\": \"backup\", \"message\": \"proven 3 h ago\","
            + " \"color\": \"brightgreen\", \"isError\": false, \"cacheSeconds\": 300}";

    private Examples() {}
}
