package io.github.litestow.settings;

import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import java.util.regex.Pattern;

/**
 * A value as it was found.
 *
 * @param setting what was set
 * @param text the value, not empty
 * @param origin name and place, for a person: {@code DB_SQLITE in .env}
 */
record Given(Setting setting, String text, String origin) {
    private static final int SHOWN = 80;
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cntrl}\\p{Zl}\\p{Zp}]");

    /** Returns a failure in one line: where, what is wrong, what is accepted. */
    Failure refuse(String problem) {
        return refuse(problem, null);
    }

    Failure refuse(String problem, Throwable cause) {
        return new Failure(
                FailureKind.SETTINGS,
                origin + ": " + problem + "; accepted: " + setting.accepted(),
                "correct " + origin,
                cause);
    }

    /** Returns the value for a message, in quotes and on one line. URLs are not shown: keys get pasted into them. */
    String shown() {
        if (setting.secret() || setting == Setting.REPLICA_URL || setting == Setting.S3_ENDPOINT) {
            return "the value";
        }
        return quoted(text);
    }

    /** Returns any text in quotes, on one line, and not too long. */
    static String quoted(String text) {
        String line = UNPRINTABLE.matcher(text).replaceAll("?");
        return '"' + (line.length() > SHOWN ? line.substring(0, SHOWN) + "…" : line) + '"';
    }

    @Override
    public String toString() {
        return origin;
    }
}
