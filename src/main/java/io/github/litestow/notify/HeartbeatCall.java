package io.github.litestow.notify;

import io.github.litestow.config.Secret;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.outcome.RunRecord;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** One call of a heartbeat: what it says, and how either kind of receiver is told. Immutable. */
final class HeartbeatCall {
    private static final int LONGEST = 300;

    private final String suffix;
    private final String status;
    private final String message;
    private final long millis;

    private HeartbeatCall(String suffix, String status, String message, long millis) {
        this.suffix = suffix;
        this.status = status;
        this.message = message;
        this.millis = millis;
    }

    static HeartbeatCall begins() {
        return new HeartbeatCall("/start", "up", "", 0);
    }

    static HeartbeatCall well(RunRecord run) {
        return new HeartbeatCall(
                "",
                "up",
                run.database() + ": " + run.result().words(),
                run.duration().toMillis());
    }

    static HeartbeatCall failed(RunRecord run, Outcome.Failed failed) {
        return new HeartbeatCall(
                "/fail",
                "down",
                run.database() + ": " + failed.kind().label() + ", " + failed.cause(),
                run.duration().toMillis());
    }

    /** Returns whether an address says itself where what goes. */
    static boolean template(Secret url) {
        String text = url.reveal();
        return text.contains("{status}") || text.contains("{msg}") || text.contains("{ping}");
    }

    /** Makes the call. */
    void make(Secret url, WebCalls calls) throws Failure {
        String text = url.reveal();
        if (template(url)) {
            calls.get(URI.create(text.replace("{status}", status)
                    .replace("{msg}", encoded(message))
                    .replace("{ping}", Long.toString(millis))));
        } else {
            int query = text.indexOf('?');
            String path = (query < 0 ? text : text.substring(0, query)).replaceFirst("/+$", "");
            calls.post(URI.create(path + suffix + (query < 0 ? "" : text.substring(query))), message);
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text.substring(0, Math.min(LONGEST, text.length())), StandardCharsets.UTF_8);
    }
}
