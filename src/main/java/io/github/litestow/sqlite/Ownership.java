package io.github.litestow.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;

/** Owner, group and mode of a database, kept as a text so that a restore can give them back. */
public final class Ownership {

    private Ownership() {}

    /** Returns the ownership of a file as {@code uid:gid:rwxrwxrwx}. */
    public static String of(Path file) throws IOException {
        Map<String, Object> ids = Files.readAttributes(file, "unix:uid,gid", LinkOption.NOFOLLOW_LINKS);
        Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS);
        return ids.get("uid") + ":" + ids.get("gid") + ":" + PosixFilePermissions.toString(mode);
    }

    /**
     * Gives a file the ownership that {@link #of} told.
     *
     * @throws IOException when the user that runs Litestow may not; the file is then as it was
     */
    public static void apply(String text, Path file) throws IOException {
        if (of(file).equals(text)) {
            return;
        }
        String[] parts = text.split(":", 3);
        Map<String, Object> ids = Files.readAttributes(file, "unix:uid,gid", LinkOption.NOFOLLOW_LINKS);
        if (!parts[0].equals(String.valueOf(ids.get("uid")))) {
            Files.setAttribute(file, "unix:uid", Integer.valueOf(parts[0]), LinkOption.NOFOLLOW_LINKS);
        }
        if (!parts[1].equals(String.valueOf(ids.get("gid")))) {
            Files.setAttribute(file, "unix:gid", Integer.valueOf(parts[1]), LinkOption.NOFOLLOW_LINKS);
        }
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(parts[2]));
    }
}
