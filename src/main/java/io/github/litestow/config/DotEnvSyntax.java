package io.github.litestow.config;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The syntax of {@code .env} as pylts (python-dotenv) and Compose read it: {@code export} may be
 * before a name; single quotes keep everything, over several lines too; double quotes know {@code
 * \n}, {@code \"} and the like; without quotes, backslashes and quotes inside mean themselves, and
 * a {@code #} after a blank begins a comment. Nothing is expanded here.
 */
final class DotEnvSyntax {
    private static final Pattern LINE = Pattern.compile(
            "^[ \\t]*(?:export[ \\t]+)?([A-Za-z_][A-Za-z0-9_.-]*)[ \\t]*=[ \\t]*"
                    + "(?:'([^'\\\\]*(?:\\\\.[^'\\\\]*)*)'[ \\t]*(?:#.*)?|\"([^\"\\\\]*(?:\\\\.[^\"\\\\]*)*)\"[ \\t]*(?:#.*)?|(.*))$",
            Pattern.MULTILINE);
    private static final Pattern COMMENT = Pattern.compile("(?:^|\\s+)#.*");
    private static final Pattern SINGLE_ESCAPE = Pattern.compile("\\\\([\\\\'])");
    private static final Pattern DOUBLE_ESCAPE = Pattern.compile("\\\\([\\\\'\"abfnrtv])");

    private DotEnvSyntax() {}

    /** Returns the values by name; of a name given twice, the last. Lines of no such form are passed over. */
    static Map<String, String> parse(String text) {
        Map<String, String> values = new LinkedHashMap<>();
        // A byte order mark is no part of the first name; editors on Windows put one there.
        Matcher line = LINE.matcher(text.replaceFirst("^\uFEFF", "").replace("\r\n", "\n"));
        while (line.find()) {
            values.put(line.group(1), value(line));
        }
        return values;
    }

    private static String value(Matcher line) {
        if (line.group(2) != null) {
            return SINGLE_ESCAPE.matcher(line.group(2)).replaceAll("$1");
        }
        if (line.group(3) != null) {
            return DOUBLE_ESCAPE
                    .matcher(line.group(3))
                    .replaceAll(escape ->
                            Matcher.quoteReplacement(meaning(escape.group(1).charAt(0))));
        }
        return COMMENT.matcher(line.group(4)).replaceFirst("").strip();
    }

    private static String meaning(char escaped) {
        return switch (escaped) {
            case 'a' -> "\u0007";
            case 'b' -> "\b";
            case 'f' -> "\f";
            case 'n' -> "\n";
            case 'r' -> "\r";
            case 't' -> "\t";
            case 'v' -> "\u000B";
            default -> String.valueOf(escaped);
        };
    }
}
