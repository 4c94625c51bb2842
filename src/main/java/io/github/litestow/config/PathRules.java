package io.github.litestow.config;

import static io.github.litestow.config.ConfiguredValue.quoted;

import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What file names and paths may be, without a look at the disk: that is {@link LocalFiles}. */
public final class PathRules {
    /**
     * Where litestream 0.5.17 opens another file than the one that is named: it hands the path to SQLite as a
     * URI. Of every other character, alone or not, it makes what it is.
     */
    private static final Pattern READ_AS_URI = Pattern.compile("[#?]|%[0-9A-Fa-f]{2}");

    private PathRules() {}

    /** Returns whether this system can have such a path: in a POSIX locale, not every letter can be part of one. */
    static boolean possible(String path) {
        try {
            return !Path.of(path).toString().isEmpty();
        } catch (InvalidPathException impossible) {
            return false;
        }
    }

    /** Returns the first part of a path by which litestream would open another file; empty when it opens this one. */
    static Optional<String> readAsUri(String path) {
        Matcher part = READ_AS_URI.matcher(path);
        return part.find() ? Optional.of(part.group()) : Optional.empty();
    }

    /** Any path. */
    abstract static class AnyPath extends Rules.Rule<Path> {
        AnyPath(String accepted) {
            super(accepted);
        }

        @Override
        public Path convert(String text) {
            refuseIf(!possible(text), quoted(text) + " is not a path" + DecodedText.hintFor(text));
            return Path.of(text);
        }
    }

    /** The folder of a database. */
    public static final class Folder extends AnyPath {
        public Folder() {
            super("a folder that can be written; it is created when missing");
        }
    }

    /** The engine; the path becomes absolute. */
    public static final class Binary extends AnyPath {
        public Binary() {
            super("the path of a litestream binary");
        }

        @Override
        public Path convert(String text) {
            return super.convert(text).toAbsolutePath();
        }
    }

    /**
     * A plain file name of one database, that ends like one; or a path in which {@code {name}} stands for the
     * names of many, as whole parts of it.
     */
    public static final class FileName extends Rules.Rule<String> {
        private static final Pattern PLAIN = Pattern.compile("[^.\\-/\\\\?\\p{Cntrl}][^/\\\\?\\p{Cntrl}]*");
        private static final Pattern WILDCARD = Pattern.compile("[*?\\[]");
        private static final Pattern ENDING = Pattern.compile(".+\\.(db|db3|sqlite|sqlite3)");
        /** Leaves room in 255 bytes for what is beside it, such as {@code .NAME-litestream}. */
        private static final int LONGEST = 200;

        public FileName() {
            super("a plain file name ending in .db, .db3, .sqlite or .sqlite3, not starting with a dot or a dash, or"
                    + " a path of many such as {name}.db or {name}/data.db");
        }

        @Override
        public String convert(String text) {
            if (NamePattern.in(text)) {
                refuseUntidy(text);
                Arrays.stream(text.split("/", -1)).forEach(this::refusePart);
                refuseIf(!ENDING.matcher(text).matches(), quoted(text) + " does not end like a database");
                return text;
            }
            refuseIf(
                    text.contains("/") || text.contains("\\"),
                    quoted(text)
                            + " holds a path separator; its folder goes into LITESTOW_FOLDER (litestow.databases.NAME.folder),"
                            + " and the name alone here");
            refusePart(text);
            refuseIf(!ENDING.matcher(text).matches(), quoted(text) + " does not end like a database");
            return text;
        }

        private void refuseUntidy(String path) {
            refuseIf(
                    path.indexOf(NamePattern.NAME) != path.lastIndexOf(NamePattern.NAME),
                    quoted(path) + " holds {name} twice");
            int at = path.indexOf(NamePattern.NAME);
            refuseIf(
                    at > 0 && path.charAt(at - 1) != '/',
                    quoted(path) + " has something before {name}, which stands for whole parts of a path");
        }

        private void refusePart(String text) {
            refuseIf(
                    WILDCARD.matcher(text).find(),
                    quoted(text) + " is not a plain file name: it holds a wildcard; {name} stands for the name of each"
                            + " database, here and in the replica URL");
            refuseIf(
                    readAsUri(text).isPresent(),
                    quoted(text) + " is not a plain file name: litestream reads it as a URI, in which "
                            + readAsUri(text).map(ConfiguredValue::quoted).orElse("")
                            + " is something else, and would open and change another file; rename the database");
            refuseIf(!PLAIN.matcher(text).matches(), quoted(text) + " is not a plain file name");
            refuseIf(
                    text.getBytes(StandardCharsets.UTF_8).length > LONGEST,
                    quoted(text) + " is longer than " + LONGEST
                            + " bytes, and what lies beside a database has longer names than it; rename the database");
            refuseIf(!possible(text), quoted(text) + " is not a file name on this system" + DecodedText.hintFor(text));
        }
    }
}
