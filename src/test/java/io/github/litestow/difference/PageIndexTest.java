package io.github.litestow.difference;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.control.WorkLimit;
import io.github.litestow.sqlite.PageScan;
import io.github.litestow.sqlite.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An index is believed when it is whole, and missed by nobody when it is not. */
class PageIndexTest {
    private static final IndexedPoint POINT = new IndexedPoint("0000000000000007", "some replica", Optional.empty());

    @TempDir
    Path temp;

    private Path place;

    @BeforeEach
    void anIndex() throws Exception {
        TestDatabase database = TestDatabase.in(temp).withRows("DELETE", 300);
        place = temp.resolve("pages.index");
        try (PageIndexWriter index = new PageIndexWriter(temp.resolve("new"))) {
            PageScan.of(database.file(), index, WorkLimit.none());
            index.place(place, POINT);
        }
    }

    private boolean there() throws Exception {
        Optional<PageIndex> index = PageIndex.open(place);
        if (index.isPresent()) {
            index.get().close();
        }
        return index.isPresent();
    }

    @Test
    void what_was_written_is_read() throws Exception {
        try (PageIndex index = PageIndex.open(place).orElseThrow()) {
            assertThat(index.point()).isEqualTo(POINT);
            assertThat(index.shown().pageSize()).isEqualTo(4096);
            assertThat(index.shown().pages()).isEqualTo(Files.size(temp.resolve(TestDatabase.NAME)) / 4096);
        }
        assertThat(PageIndex.pointOf(place)).contains(POINT);
        assertThat(temp.resolve("new")).doesNotExist();
    }

    @Test
    void one_that_is_missing_or_a_folder_does_not_exist() throws Exception {
        Files.delete(place);
        assertThat(there()).isFalse();
        Files.createDirectory(place);
        assertThat(there()).isFalse();
        assertThat(PageIndex.pointOf(place)).isEmpty();
    }

    @Test
    void one_that_is_torn_anywhere_does_not_exist() throws Exception {
        byte[] whole = Files.readAllBytes(place);
        for (int length = 0; length < whole.length; length++) {
            Files.write(place, Arrays.copyOf(whole, length));
            assertThat(there()).as("%d of %d bytes", length, whole.length).isFalse();
        }
        Files.write(place, Arrays.copyOf(whole, whole.length + 1));
        assertThat(there()).isFalse();
    }

    @Test
    void one_with_a_flipped_bit_does_not_exist() throws Exception {
        byte[] whole = Files.readAllBytes(place);
        for (int at = 0; at < whole.length; at++) {
            whole[at] ^= 4;
            Files.write(place, whole);
            assertThat(there()).as("byte %d", at).isFalse();
            whole[at] ^= 4;
        }
        Files.write(place, whole);
        assertThat(there()).isTrue();
    }

    @Test
    void a_point_becomes_proven_if_it_is_that_point() throws Exception {
        Instant now = Instant.ofEpochMilli(1_800_000_000_000L);
        PageIndex.proven(place, "0000000000000008", now, temp.resolve("copy"));
        assertThat(PageIndex.pointOf(place)).contains(POINT);
        PageIndex.proven(place, POINT.txid(), now, temp.resolve("copy"));
        assertThat(PageIndex.pointOf(place))
                .contains(new IndexedPoint(POINT.txid(), POINT.replicaId(), Optional.of(now)));
        assertThat(there()).isTrue();
        assertThat(temp.resolve("copy")).doesNotExist();
    }
}
