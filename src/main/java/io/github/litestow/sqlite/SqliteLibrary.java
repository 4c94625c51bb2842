package io.github.litestow.sqlite;

import io.github.litestow.outcome.ErrorText;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.LibraryLoaderUtil;

/**
 * Brings SQLite's native library to where it can be loaded. The driver itself would unpack it under a new
 * name in {@code /tmp} at each start, where it stays when the process is killed, and which may not be
 * executable. Here it is unpacked once, under a stable name, in a folder of ours: below the folder for
 * temporary files, or else in the state folder of a database. An operator who names a folder in {@code
 * org.sqlite.lib.path} or {@code org.sqlite.tmpdir} is obeyed.
 */
public final class SqliteLibrary {
    private static final String PATH = "org.sqlite.lib.path";
    private static final String NAME = "org.sqlite.lib.name";
    private static final String FOLDER = "org.sqlite.tmpdir";
    private static final String NEW = "litestow-";
    private static final Duration ABANDONED = Duration.ofHours(1);
    private static final Set<PosixFilePermission> OURS_ALONE = PosixFilePermissions.fromString("rwx------");
    private static final FileAttribute<?> PRIVATE = PosixFilePermissions.asFileAttribute(OURS_ALONE);

    private static boolean loaded;

    private SqliteLibrary() {}

    /**
     * Loads the library, unless it is loaded.
     *
     * @param stateFolder where it goes when the folder for temporary files will not do; it must exist
     * @throws Failure {@code DISK} when there is no folder that it can be loaded from
     */
    public static synchronized void load(Path stateFolder) throws Failure {
        if (loaded) {
            return;
        }
        if (System.getProperty(PATH) == null) {
            Path library = place(candidates(stateFolder));
            System.setProperty(PATH, String.valueOf(library.getParent()));
            System.setProperty(NAME, String.valueOf(library.getFileName()));
        }
        try {
            SQLiteJDBCLoader.initialize();
        } catch (Exception e) {
            throw refuse("it cannot be loaded from " + System.getProperty(PATH) + ": " + ErrorText.of(e), e);
        }
        loaded = true;
    }

    private static List<Path> candidates(Path stateFolder) {
        String chosen = System.getProperty(FOLDER);
        return chosen != null
                // Below it, like below that for temporary files: either may be everybody's.
                ? List.of(Path.of(chosen, NEW + user()))
                : List.of(Path.of(System.getProperty("java.io.tmpdir"), NEW + user()), stateFolder);
    }

    /** By number where there is one: in a container, a user need not have a name. */
    private static Object user() {
        try {
            return Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        } catch (IOException e) {
            return System.getProperty("user.name");
        }
    }

    /** Returns the library in the first of these folders that is ours and can be executed from. */
    static Path place(List<Path> folders) throws Failure {
        List<String> refused = new ArrayList<>();
        for (Path folder : folders) {
            try {
                Path library = unpack(folder);
                // On a file system that is mounted noexec, not even for root.
                if (Files.isExecutable(library)) {
                    return library;
                }
                Files.delete(library);
                refused.add(folder + ": it is mounted noexec");
            } catch (IOException e) {
                refused.add(ErrorText.sentence(folder.toString(), e));
            }
        }
        throw refuse("no folder to load it from: " + String.join("; ", refused), null);
    }

    private static Path unpack(Path folder) throws IOException {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectory(folder, PRIVATE);
        }
        byte[] content = packed();
        Path library = folder.resolve(stableName());
        Path unpacked = Files.createTempFile(folder, NEW, ".new", PRIVATE);
        try {
            refuseOthers(folder, unpacked);
            if (!whole(library, unpacked, content)) {
                Files.write(unpacked, content);
                Files.move(unpacked, library, StandardCopyOption.ATOMIC_MOVE);
                sweep(folder);
            }
        } finally {
            Files.deleteIfExists(unpacked);
        }
        return library;
    }

    private static byte[] packed() throws IOException {
        String resource = LibraryLoaderUtil.getNativeLibResourcePath() + "/" + LibraryLoaderUtil.getNativeLibName();
        try (InputStream in = SQLiteJDBCLoader.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IOException("the driver has no library for this machine (" + resource + ")");
            }
            return in.readAllBytes();
        }
    }

    /** By version and kind of machine, so that neither an upgrade nor a shared folder gives the wrong one. */
    private static String stableName() {
        String kind = LibraryLoaderUtil.getNativeLibResourcePath()
                .replaceFirst(".*/native/", "")
                .replace('/', '-');
        return "sqlite-" + SQLiteJDBCLoader.getVersion() + "-" + kind + ".so";
    }

    /** What somebody else can write to, we load nothing from: anybody may make a folder in {@code /tmp}. */
    private static void refuseOthers(Path folder, Path ours) throws IOException {
        boolean othersMayWrite = Files.getPosixFilePermissions(folder, LinkOption.NOFOLLOW_LINKS).stream()
                .anyMatch(Set.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE)::contains);
        if (othersMayWrite || !owner(folder).equals(owner(ours))) {
            throw new IOException("it is not a folder of this user alone");
        }
    }

    private static Object owner(Path file) throws IOException {
        return Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS);
    }

    private static boolean whole(Path library, Path ours, byte[] content) throws IOException {
        return Files.isRegularFile(library, LinkOption.NOFOLLOW_LINKS)
                && Files.size(library) == content.length
                && owner(library).equals(owner(ours))
                && Arrays.equals(Files.readAllBytes(library), content);
    }

    /** Deletes what a process that was killed left half unpacked. */
    private static void sweep(Path folder) throws IOException {
        FileTime before =
                FileTime.from(Files.getLastModifiedTime(folder).toInstant().minus(ABANDONED));
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(SqliteLibrary::unfinished).toList()) {
                if (Files.getLastModifiedTime(file).compareTo(before) < 0) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    private static boolean unfinished(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.startsWith(NEW) && name.endsWith(".new");
    }

    private static Failure refuse(String why, Throwable cause) {
        return new Failure(
                FailureKind.DISK,
                "SQLite's native library: " + why,
                "Name a folder of this user alone, on a file system that is not mounted noexec, in the environment:"
                        + " JDK_JAVA_OPTIONS=-Dorg.sqlite.tmpdir=FOLDER.",
                cause);
    }
}
