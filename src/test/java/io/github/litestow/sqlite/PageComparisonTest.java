package io.github.litestow.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.control.WorkLimit;
import io.github.litestow.outcome.Failure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PageComparisonTest {
    /** Bytes of page 1 that say nothing of the content, as design section 4 lists them. */
    private static final List<Integer> MASKED = List.of(18, 19, 24, 25, 26, 27, 92, 93, 94, 95, 96, 97, 98, 99);

    private static final List<Integer> SCHEMA_COOKIE = List.of(40, 41, 42, 43);

    @TempDir
    Path folder;

    private TestDatabase database;
    private Path copy;

    @BeforeEach
    void names() {
        database = TestDatabase.in(folder);
        copy = folder.resolve("copy");
    }

    private static Stream<List<String>> kinds() {
        Stream<List<String>> sizes = Stream.iterate(512, size -> size <= 65_536, size -> size * 2)
                .map(size -> List.of("PRAGMA page_size=" + size));
        Stream<List<String>> others = Stream.of(
                List.of("PRAGMA auto_vacuum=FULL"),
                List.of("PRAGMA auto_vacuum=INCREMENTAL"),
                List.of("PRAGMA encoding='UTF-16le'"),
                List.of("PRAGMA encoding='UTF-16be'"),
                List.of("CREATE TABLE w (k TEXT PRIMARY KEY, v) WITHOUT ROWID", "INSERT INTO w VALUES ('a', 1)"),
                List.of(
                        "CREATE VIRTUAL TABLE f USING fts5(body)",
                        "INSERT INTO f SELECT hex(randomblob(20)) FROM t LIMIT 50"));
        return Stream.concat(sizes, others);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void one_byte_that_differs_anywhere_is_found_and_named_by_its_page(List<String> statements)
            throws Failure, IOException {
        made(statements);
        int pageSize = Integer.parseInt(database.value("PRAGMA page_size"));
        database.copyTo(copy);
        assertThat(difference(pageSize, false)).isEmpty();

        Random random = new Random(statements.hashCode());
        long size = Files.size(copy);
        List<Long> places = Stream.concat(
                        Stream.of(0L, 17L, 20L, 23L, 28L, 39L, 40L, 91L, 100L, (long) pageSize, size - 1),
                        random.longs(40, 100, size).boxed())
                .toList();
        for (long place : places) {
            flip(place);
            assertThat(difference(pageSize, false))
                    .contains("page " + (place / pageSize + 1) + " differs at byte " + place % pageSize);
            flip(place);
        }
        assertThat(difference(pageSize, false)).isEmpty();
    }

    private void made(List<String> statements) {
        database.execute(Stream.concat(statements.stream().filter(sql -> sql.startsWith("PRAGMA")), Stream.of("VACUUM"))
                .toArray(String[]::new));
        database.withRows("DELETE", 500);
        database.execute(statements.stream()
                .filter(sql -> !sql.startsWith("PRAGMA"))
                .map(sql -> sql.replace("t LIMIT 50", "t LIMIT 50"))
                .toArray(String[]::new));
        database.execute("DELETE FROM t WHERE id % 7 = 0");
    }

    @Test
    void bytes_that_say_nothing_of_the_content_are_passed_over() throws Failure, IOException {
        database.withRows("DELETE", 100).copyTo(copy);
        for (int place : MASKED) {
            flip(place);
        }
        assertThat(difference(4096, false)).isEmpty();
        assertThat(difference(4096, true)).isEmpty();
    }

    @Test
    void the_schema_cookie_is_passed_over_for_copies_made_through_the_backup_only() throws Failure, IOException {
        database.withRows("DELETE", 100).copyTo(copy);
        for (int place : SCHEMA_COOKIE) {
            flip(place);
            assertThat(difference(4096, true)).isEmpty();
            assertThat(difference(4096, false)).contains("page 1 differs at byte " + place);
            flip(place);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"WAL", "DELETE"})
    void a_copy_through_the_backup_equals_its_original(String mode) throws Exception {
        database.withRows(mode, 500);
        database.execute("CREATE TABLE u (x)", "DROP TABLE u");
        OnlineCopy.make(database.settings(), copy, java.time.Duration.ofSeconds(5), WorkLimit.none());
        assertThat(OnlineCopy.difference(copy, database.file(), WorkLimit.none()))
                .isEmpty();

        database.execute("UPDATE t SET note = 'x' || substr(note, 2) WHERE id = 77");
        database.value("PRAGMA wal_checkpoint(TRUNCATE)");
        assertThat(OnlineCopy.difference(copy, database.file(), WorkLimit.none())
                        .orElseThrow())
                .startsWith("page ");
    }

    @Test
    void another_size_is_a_difference() throws Failure, IOException {
        database.withRows("DELETE", 100).copyTo(copy);
        Files.write(copy, new byte[4096], StandardOpenOption.APPEND);
        assertThat(difference(4096, false).orElseThrow()).startsWith("sizes differ: ");
        assertThat(difference(4096, false).orElseThrow()).contains(String.valueOf(Files.size(copy)));
    }

    @ParameterizedTest
    @ValueSource(ints = {4096, 65_536})
    void the_lock_page_above_one_gibibyte_is_passed_over_and_its_neighbours_are_not(int pageSize)
            throws Failure, IOException {
        long lockPage = 0x4000_0000L;
        Path one = sparse("one", lockPage + 2L * pageSize);
        Path other = sparse("other", lockPage + 2L * pageSize);
        try (FileChannel left = FileChannel.open(one, StandardOpenOption.READ, StandardOpenOption.WRITE);
                FileChannel right = FileChannel.open(other, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            left.write(ByteBuffer.wrap(new byte[] {1}), lockPage);
            left.write(ByteBuffer.wrap(new byte[] {1}), lockPage + pageSize - 1);
            right.write(ByteBuffer.wrap(new byte[] {1}), lockPage + pageSize);
            assertThat(new PageComparison(pageSize, false, WorkLimit.none()).difference(left, right))
                    .contains("page " + (lockPage / pageSize + 2) + " differs at byte 0");
        }
    }

    private Path sparse(String name, long size) throws IOException {
        Path file = folder.resolve(name);
        try (FileChannel out = FileChannel.open(
                file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.SPARSE)) {
            out.write(ByteBuffer.wrap(new byte[1]), size - 1);
        }
        return file;
    }

    private Optional<String> difference(int pageSize, boolean backup) throws Failure, IOException {
        try (FileChannel one = FileChannel.open(database.file(), StandardOpenOption.READ);
                FileChannel other = FileChannel.open(copy, StandardOpenOption.READ)) {
            assertThat(PageComparison.pageSize(header(one)))
                    .isEqualTo(Integer.parseInt(database.value("PRAGMA page_size")));
            return new PageComparison(pageSize, backup, WorkLimit.none()).difference(one, other);
        }
    }

    private static ByteBuffer header(FileChannel channel) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(OffloadMark.LENGTH);
        channel.read(header, 0);
        return header;
    }

    private void flip(long place) throws IOException {
        try (FileChannel channel = FileChannel.open(copy, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, place);
            one.put(0, (byte) ~one.get(0));
            channel.write(one.flip(), place);
        }
    }
}
