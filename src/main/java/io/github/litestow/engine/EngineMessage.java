package io.github.litestow.engine;

import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The words of the engine that are worth quoting, without secrets and in one line of bounded length. */
final class EngineMessage {
    private static final int MAX_QUOTED = 300;
    private static final int MAX_MASKED = 16 * 1024;
    private static final Pattern HALF_WORD_FIRST = Pattern.compile("^\\S+");
    private static final Pattern HALF_WORD_LAST = Pattern.compile("\\S+$");
    private static final String HIDDEN = "***";
    private static final String ERROR = "Error: ";
    private static final Pattern COMPLAINT = Pattern.compile("^Error: |\\blevel=(?:WARN|ERROR)\\b");
    private static final Pattern USER_INFO = Pattern.compile("://[^/\\s\"@]+@");
    private static final Pattern SIGNED =
            Pattern.compile("(?i)([?&](?:X-Amz-[a-z-]+|sig|token|password|secret)=)[^&\\s\"]+");

    private EngineMessage() {}

    /**
     * Returns the error that the engine ended with: what follows the last {@code Error:} on standard
     * error, else the last line of standard error, else of standard output. Not masked, not cut.
     */
    static String error(EngineRun run) {
        String errors = run.errors().strip();
        int start = ("\n" + errors).lastIndexOf("\n" + ERROR);
        if (start >= 0) {
            return errors.substring(start + ERROR.length());
        }
        return lastLine(errors.isEmpty() ? run.output().strip() : errors);
    }

    /** Returns the last complaint of the engine; empty when it made none. */
    static String complaint(EngineRun run) {
        return Stream.of(run.output(), run.errors())
                .flatMap(String::lines)
                .filter(line -> COMPLAINT.matcher(line).find())
                .reduce("", (earlier, later) -> later);
    }

    /** Returns the text on one line, masked, and cut in the middle: the cause is at the end. */
    static String quotable(String text, Set<String> secrets) {
        String line = mask(bounded(text), secrets).replaceAll("\\s+", " ").strip();
        int half = MAX_QUOTED / 2;
        return line.length() <= MAX_QUOTED
                ? line
                : line.substring(0, half) + " … " + line.substring(line.length() - half);
    }

    /** Without the middle of very much, and without the words that the cut goes through: half a secret is one, too. */
    private static String bounded(String text) {
        if (text.length() <= 2 * MAX_MASKED) {
            return text;
        }
        String head = text.substring(0, MAX_MASKED);
        String tail = text.substring(text.length() - MAX_MASKED);
        return HALF_WORD_LAST.matcher(head).replaceFirst("") + " … "
                + HALF_WORD_FIRST.matcher(tail).replaceFirst("");
    }

    /** Returns the text without these secrets, user info of URLs, and what signs a URL. */
    static String mask(String text, Set<String> secrets) {
        String masked = text;
        // The longest first: one secret may be part of another.
        List<String> longestFirst = secrets.stream()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList();
        for (String secret : longestFirst) {
            masked = masked.replace(secret, HIDDEN);
        }
        masked = USER_INFO.matcher(masked).replaceAll("://" + HIDDEN + "@");
        return SIGNED.matcher(masked).replaceAll("$1" + HIDDEN);
    }

    private static String lastLine(String text) {
        return text.substring(text.lastIndexOf('\n') + 1);
    }
}
