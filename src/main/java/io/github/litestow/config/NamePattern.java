package io.github.litestow.config;

import static io.github.litestow.config.ConfiguredValue.quoted;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A path or URL in which {@code {name}} stands for the name of a database: the text before it, and the text
 * after it. Pure and immutable.
 *
 * @param before what comes before the name; empty, or ending with a slash
 * @param after what comes after it
 */
public record NamePattern(String before, String after) {
    /** What stands for the name. */
    public static final String NAME = "{name}";

    /** Of one part of a path, with what Litestow and the engine keep beside it. */
    private static final int LONGEST_PART = 200;
    /** Of a name in a replica's URL, where it is one part. */
    private static final int LONGEST_ENCODED = 250;
    /** Where a restore over HTTP puts its copies. */
    static final String COPIES = "restores";
    /** What Litestow keeps at the place where the replicas of a group are. */
    private static final String OURS = "litestow";

    private static final Pattern PLAIN_PART = Pattern.compile("[^.\\-/\\\\?\\p{Cntrl}][^/\\\\?\\p{Cntrl}]*");

    /** Returns whether a text has the name in it. */
    public static boolean in(String text) {
        return text.contains(NAME);
    }

    /** Splits a text that has the name in it once. */
    static NamePattern of(String text) {
        int at = text.indexOf(NAME);
        return new NamePattern(text.substring(0, at), text.substring(at + NAME.length()));
    }

    /** Returns the text with this in place of the name. */
    public String with(String name) {
        return before + name + after;
    }

    /** Returns what stands in place of the name; empty when the text does not fit, or nothing stands there. */
    public Optional<String> nameIn(String text) {
        boolean fits =
                text.length() > before.length() + after.length() && text.startsWith(before) && text.endsWith(after);
        return fits ? Optional.of(text.substring(before.length(), text.length() - after.length())) : Optional.empty();
    }

    /**
     * Returns whether a database may be called so: one or more parts of a path, none of which is hidden, leads
     * elsewhere or is where Litestow puts copies, and by which litestream opens the file that is meant.
     */
    public static boolean nameable(String name) {
        return unfit(name).isEmpty();
    }

    /** Returns why no database may be called so, and what to do, for a person; empty when one may. */
    static Optional<String> unfit(String name) {
        String[] parts = name.split("/", -1);
        if (!DecodedText.whole(name)) {
            return Optional.of(
                    "its name cannot be read under the locale of this process; rename it, or set LC_ALL=C.UTF-8");
        }
        if (PathRules.readAsUri(name).isPresent()) {
            return PathRules.readAsUri(name)
                    .map(part -> "litestream reads " + quoted(part) + " in its name as a part of a URI; rename it");
        }
        if (encoded(name).length() > LONGEST_ENCODED || Arrays.stream(parts).anyMatch(NamePattern::tooLong)) {
            return Optional.of("its name is too long for what lies beside it and at the replica; rename it");
        }
        if (Arrays.asList(parts).contains(COPIES)) {
            return Optional.of("`" + COPIES + "` is where restores over HTTP put copies; rename it");
        }
        return PathRules.possible(name) && Arrays.stream(parts).allMatch(NamePattern::plain)
                ? Optional.empty()
                : Optional.of("a part of its name begins with a dash or a dot, or holds a backslash, a question mark or"
                        + " a control character; rename it");
    }

    private static boolean tooLong(String part) {
        return part.getBytes(StandardCharsets.UTF_8).length > LONGEST_PART;
    }

    private static boolean plain(String part) {
        return PLAIN_PART.matcher(part).matches();
    }

    /** Returns the name as one part of a URL: apart from letters, digits and {@code -._~}, every byte as {@code %XX}. */
    public static String encoded(String name) {
        if (name.equals(OURS)) {
            // Decoded it is the same, and it is not the folder that Litestow keeps there.
            return "%6C" + name.substring(1);
        }
        StringBuilder text = new StringBuilder();
        for (byte one : name.getBytes(StandardCharsets.UTF_8)) {
            if (unreserved(one)) {
                text.append((char) one);
            } else {
                text.append(String.format("%%%02X", one));
            }
        }
        return text.toString();
    }

    /** Returns the name that {@link #encoded} makes this part of; empty when it makes it of none. */
    public static Optional<String> decoded(String part) {
        byte[] bytes = new byte[part.length()];
        int length = 0;
        for (int i = 0; i < part.length(); i++) {
            char one = part.charAt(i);
            if (one == '%' && part.substring(i).matches("(?s)%[0-9A-F]{2}.*")) {
                bytes[length++] = (byte) Integer.parseInt(part.substring(i + 1, i + 3), 16);
                i += 2;
            } else if (one < 128 && unreserved((byte) one)) {
                bytes[length++] = (byte) one;
            } else {
                return Optional.empty();
            }
        }
        String name = new String(bytes, 0, length, StandardCharsets.UTF_8);
        return encoded(name).equals(part) && nameable(name) ? Optional.of(name) : Optional.empty();
    }

    private static boolean unreserved(byte one) {
        return (one >= 'a' && one <= 'z')
                || (one >= 'A' && one <= 'Z')
                || (one >= '0' && one <= '9')
                || "-._~".indexOf(one) >= 0;
    }
}
