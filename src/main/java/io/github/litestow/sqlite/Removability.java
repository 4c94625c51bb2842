package io.github.litestow.sqlite;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Whether a database can be deleted, found out without touching it: so that nothing is uploaded and
 * compared in vain, and nobody is told of a failing disk.
 */
public final class Removability {
    private static final int STICKY = 01000;
    private static final int CAP_FOWNER = 3;
    private static final Path STATUS = Path.of("/proc/self/status");

    private Removability() {}

    /** Returns why a file cannot be deleted, for a person, without a full stop; empty when nothing is known against it. */
    public static Optional<String> obstacle(Path file) {
        if (MountPoint.is(file)) {
            return Optional.of(file + " is mounted by itself, and what is mounted cannot be deleted;"
                    + " mount its folder instead, or set LITESTOW_SNAPSHOT_DELETE_LOCAL=false");
        }
        Path folder = file.getParent();
        try {
            if (!Files.isWritable(folder)) {
                return Optional.of("the folder " + folder + " is not writable");
            }
            if (sticky(folder) && !mayDeleteInSticky(file, folder)) {
                return Optional.of(folder + " is sticky (mode +t), and neither it nor " + file
                        + " belongs to the user that runs Litestow; run it as the file's owner, or take the folder's"
                        + " +t away");
            }
        } catch (IOException | UnsupportedOperationException e) {
            // What this system does not say is found out by trying.
            return Optional.empty();
        }
        return Optional.empty();
    }

    private static boolean sticky(Path folder) throws IOException {
        return ((Integer) Files.getAttribute(folder, "unix:mode") & STICKY) != 0;
    }

    private static boolean mayDeleteInSticky(Path file, Path folder) throws IOException {
        Optional<Integer> user = effectiveUser();
        return user.isEmpty()
                || ignoresOwners()
                || user.get().equals(Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS))
                || user.get().equals(Files.getAttribute(folder, "unix:uid"));
    }

    /** Real, effective, saved and file-system user are in one line (proc(5)). */
    private static Optional<Integer> effectiveUser() throws IOException {
        return status("Uid:").map(ids -> Integer.valueOf(ids.split("\\s+", -1)[1]));
    }

    private static boolean ignoresOwners() throws IOException {
        return status("CapEff:")
                .map(mask -> (Long.parseUnsignedLong(mask, 16) >>> CAP_FOWNER & 1) == 1)
                .orElse(false);
    }

    private static Optional<String> status(String field) throws IOException {
        return Files.readAllLines(STATUS, StandardCharsets.ISO_8859_1).stream()
                .filter(line -> line.startsWith(field))
                .map(line -> line.substring(field.length()).strip())
                .findFirst();
    }
}
