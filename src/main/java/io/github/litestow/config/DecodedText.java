package io.github.litestow.config;

import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.smallrye.config.ConfigValue;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Texts beyond ASCII under a locale that has no such characters (POSIX, or one that is not installed). What
 * comes from outside then arrives with U+FFFD in place of a character, and would name another replica, file
 * or key; what a YAML file says arrives whole, but cannot be part of a path or of an environment.
 */
public final class DecodedText {
    /** What to do about it. */
    public static final String HINT = "Set LC_ALL=C.UTF-8 for this process.";

    private static final char REPLACEMENT = '\uFFFD';
    /** What paths, arguments and the environment are written in. */
    private static final Charset NATIVE =
            Charset.forName(System.getProperty("sun.jnu.encoding", StandardCharsets.UTF_8.name()));

    private DecodedText() {}

    /** Returns whether every character of a text that came from outside could be read. */
    public static boolean whole(String text) {
        return text.indexOf(REPLACEMENT) < 0;
    }

    /** Returns whether a text can be part of a path or an environment. */
    static boolean carried(String text) {
        return NATIVE.newEncoder().canEncode(text);
    }

    /** Returns the mistake of a setting that was not read whole, without its value; empty when it was. */
    static Optional<Failure> mistake(ConfigValue value) {
        return value.getValue() == null || whole(value.getValue())
                ? Optional.empty()
                : Optional.of(cut(Origins.of(value)));
    }

    /** Returns the mistake of a name or a value that was not read whole. */
    static Failure cut(String origin) {
        return new Failure(
                FailureKind.SETTINGS,
                origin + ": it holds a character that cannot be read under the locale of this process; accepted: the"
                        + " same under LC_ALL=C.UTF-8, or a setting in config/application.yaml",
                HINT);
    }

    /** Returns what to add to the refusal of a path that this locale does not let be; empty when it is ASCII. */
    static String hintFor(String text) {
        return carried(text) ? "" : " under the locale of this process (LC_ALL=C.UTF-8 helps)";
    }
}
