package io.github.litestow.sqlite;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether a file is mounted by itself, as {@code docker run -v FILE:FILE} does: such a name cannot be moved or deleted. */
public final class MountPoint {
    private static final Path MOUNTS = Path.of("/proc/self/mountinfo");

    /** Blank, tab, newline and backslash are written like this (proc(5)). */
    private static final Pattern OCTAL = Pattern.compile("\\\\([0-7]{3})");

    private MountPoint() {}

    /** Returns whether something is mounted at this very path; false where the system does not say. */
    public static boolean is(Path file) {
        try {
            Path folder = file.toAbsolutePath().getParent().toRealPath();
            String path = folder.resolve(file.getFileName()).toString();
            return Files.readAllLines(MOUNTS, StandardCharsets.ISO_8859_1).stream()
                    .map(line -> line.split(" ", -1))
                    .anyMatch(
                            fields -> fields.length > 4 && unescaped(fields[4]).equals(latin(path)));
        } catch (IOException e) {
            return false;
        }
    }

    /** The kernel gives bytes, not characters. */
    private static String latin(String path) {
        return new String(path.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private static String unescaped(String field) {
        return OCTAL.matcher(field).replaceAll(MountPoint::character);
    }

    private static String character(MatchResult octal) {
        return Matcher.quoteReplacement(String.format(Locale.ROOT, "%c", Integer.parseInt(octal.group(1), 8)));
    }
}
