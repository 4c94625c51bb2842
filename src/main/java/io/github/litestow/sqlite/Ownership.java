package io.github.litestow.sqlite;

import io.github.litestow.outcome.ErrorText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Owner, group and mode of a database, kept as a text so that a restore can give them back. */
public final class Ownership {
    private static final Pattern TEXT = Pattern.compile("\\d{1,9}:\\d{1,9}:([r-][w-][x-]){3}");

    private Ownership() {}

    /** Returns the ownership of a file as {@code uid:gid:rwxrwxrwx}. */
    public static String of(Path file) throws IOException {
        Map<String, Object> ids = Files.readAttributes(file, "unix:uid,gid", LinkOption.NOFOLLOW_LINKS);
        Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS);
        return ids.get("uid") + ":" + ids.get("gid") + ":" + PosixFilePermissions.toString(mode);
    }

    /** Returns whether a text that was kept elsewhere is what {@link #of} tells. */
    public static boolean valid(String text) {
        return TEXT.matcher(text).matches();
    }

    /**
     * Gives a file the ownership that {@link #of} told, as far as the user that runs Litestow may: the
     * group and the mode even where the owner cannot be given.
     *
     * @return what could not be given and why, for a person; empty when all is as told
     */
    public static Optional<String> give(String text, Path file) throws IOException {
        if (of(file).equals(text)) {
            return Optional.empty();
        }
        String[] parts = text.split(":", 3);
        // The owner last: whoever gave a file away may do nothing more to it.
        attempt(() -> Files.setAttribute(file, "unix:gid", Integer.valueOf(parts[1]), LinkOption.NOFOLLOW_LINKS));
        Optional<String> mode =
                attempt(() -> Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(parts[2])));
        Optional<String> owner = attempt(
                () -> Files.setAttribute(file, "unix:uid", Integer.valueOf(parts[0]), LinkOption.NOFOLLOW_LINKS));
        String now = of(file);
        return now.equals(text)
                ? Optional.empty()
                : Optional.of("wanted " + text + ", got " + now
                        + owner.or(() -> mode).map(why -> " (" + why + ")").orElse(""));
    }

    private static Optional<String> attempt(Change change) {
        try {
            change.make();
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(ErrorText.of(e));
        }
    }

    private interface Change {
        void make() throws IOException;
    }
}
