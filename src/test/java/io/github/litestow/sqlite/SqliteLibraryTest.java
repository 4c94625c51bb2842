package io.github.litestow.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteLibraryTest {
    @TempDir
    Path temporary;

    @Test
    void it_is_unpacked_once_under_a_stable_name_for_this_user_alone() throws Exception {
        Path folder = temporary.resolve("ours");

        Path library = SqliteLibrary.place(List.of(folder));
        Object inode = Files.getAttribute(library, "unix:ino");

        assertThat(SqliteLibrary.place(List.of(folder))).isEqualTo(library);
        assertThat(Files.getAttribute(library, "unix:ino")).isEqualTo(inode);
        assertThat(names(folder)).containsExactly(library.getFileName().toString());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(library)))
                .isEqualTo("rwx------");
    }

    @Test
    void one_that_is_not_whole_is_replaced_and_what_a_killed_process_left_goes() throws Exception {
        Path library = SqliteLibrary.place(List.of(temporary.resolve("ours")));
        byte[] whole = Files.readAllBytes(library);
        Files.write(library, Arrays.copyOf(whole, whole.length / 2));
        Path left = Files.write(library.resolveSibling("litestow-1.new"), new byte[1]);
        Files.setLastModifiedTime(left, FileTime.from(Instant.now().minus(Duration.ofHours(2))));
        Path anothers = Files.write(library.resolveSibling("litestow-2.new"), new byte[1]);

        assertThat(SqliteLibrary.place(List.of(temporary.resolve("ours")))).isEqualTo(library);
        assertThat(library).hasBinaryContent(whole);
        assertThat(left).doesNotExist();
        assertThat(anothers).exists();
    }

    @Test
    void a_folder_that_others_can_write_to_is_passed_over_for_the_next() throws Exception {
        Path open = Files.createDirectory(temporary.resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
        Path link = Files.createSymbolicLink(temporary.resolve("link"), open);
        Path state = temporary.resolve("state");

        assertThat(SqliteLibrary.place(List.of(open, link, temporary.resolve("no/such"), state)))
                .hasParent(state);
        assertThat(open).isEmptyDirectory();
    }

    @Test
    void without_any_folder_each_is_named_with_its_flaw_and_what_to_do() throws Exception {
        Path file = Files.createFile(temporary.resolve("file"));
        Path open = Files.createDirectory(temporary.resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));

        Failure failure = catchThrowableOfType(Failure.class, () -> SqliteLibrary.place(List.of(file, open)));

        assertThat(failure.kind()).isEqualTo(FailureKind.DISK);
        assertThat(failure)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(open + ": it is not a folder of");
        assertThat(failure.hint()).contains("org.sqlite.tmpdir");
    }

    private static List<String> names(Path folder) throws Exception {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
