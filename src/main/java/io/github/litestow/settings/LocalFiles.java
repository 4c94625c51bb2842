package io.github.litestow.settings;

import io.github.litestow.outcome.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** Rules for the database's file name and folder, and the one place that creates the folder. */
final class LocalFiles {
    private static final Pattern PLAIN = Pattern.compile("[^.\\-/\\\\?\\p{Cntrl}][^/\\\\?\\p{Cntrl}]*");
    private static final Pattern ENDING = Pattern.compile(".+\\.(db|db3|sqlite|sqlite3)");
    /** Leaves room in 255 bytes for what stands beside it, such as {@code .NAME-litestream}. */
    private static final int LONGEST = 200;

    private LocalFiles() {}

    /** Returns the file name when it is a plain one. A question mark is out: the driver reads parameters after it. */
    static String fileName(Given given) throws Failure {
        String name = given.text();
        if (name.contains("/") || name.contains("\\")) {
            throw given.refuse(given.shown() + " holds a path separator");
        }
        if (!PLAIN.matcher(name).matches() || name.length() > LONGEST) {
            throw given.refuse(given.shown() + " is not a plain file name");
        }
        if (!ENDING.matcher(name).matches()) {
            throw given.refuse(given.shown() + " does not end like a database");
        }
        if (!possible(name)) {
            throw given.refuse(given.shown() + " is not a file name on this system");
        }
        return name;
    }

    /** Returns whether this system can have such a path: in a POSIX locale, not every letter can stand in one. */
    static boolean possible(String path) {
        try {
            return !Path.of(path).toString().isEmpty();
        } catch (InvalidPathException impossible) {
            return false;
        }
    }

    /** Creates the folder when it is missing and returns its real path. */
    static Path folder(Given given) throws Failure {
        Path folder = Values.path(given).toAbsolutePath().normalize();
        refuseLink(given, folder);
        try {
            Files.createDirectories(folder);
            Path real = folder.toRealPath();
            if (!Files.isWritable(real)) {
                throw given.refuse("the folder " + given.shown() + " cannot be written");
            }
            return real;
        } catch (IOException impossible) {
            String problem = Files.exists(folder) ? " is not a folder" : " cannot be created";
            throw given.refuse(given.shown() + problem, impossible);
        }
    }

    /** Refuses a link where a file or folder of ours is expected: what it points to is not ours to move or delete. */
    static void refuseLink(Given given, Path path) throws Failure {
        if (Files.isSymbolicLink(path)) {
            throw given.refuse(Given.quoted(path.toString()) + " is a symbolic link, which is refused");
        }
    }

    /** Returns the path with every link in the part that exists resolved. */
    static Path resolved(Given given, Path path) throws Failure {
        Path existing = path.toAbsolutePath().normalize();
        Path missing = Path.of("");
        while (existing.getParent() != null && !Files.exists(existing)) {
            missing = existing.getFileName().resolve(missing);
            existing = existing.getParent();
        }
        try {
            return existing.toRealPath().resolve(missing).normalize();
        } catch (IOException unreadable) {
            throw given.refuse("the folder cannot be looked at", unreadable);
        }
    }
}
