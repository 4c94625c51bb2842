package io.github.litestow.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.litestow.outcome.Assurance;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.sqlite.LocalFile;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Crash recovery as a table: what is known after it, for every case and everything that can be found. */
class LocalDatabaseTest {
    private static final String ITS_FILE = "dev=1,ino=2";
    private static final RestorePoint HEAD =
            new RestorePoint("0000000000000007", Instant.parse("2026-11-21T12:00:00Z"), Assurance.PROVEN);
    private static final LocalDatabase.Unknown UNKNOWN = new LocalDatabase.Unknown();
    private static final LocalDatabase.Offloaded OFFLOADED = new LocalDatabase.Offloaded();
    private static final LocalDatabase.Descends OLD = descends("0000000000000005");
    private static final LocalDatabase.Descends NEW = descends("0000000000000007");

    /** The columns of the table. */
    private static final LocalFile.State[] FOUND = {
        LocalFile.State.MISSING,
        LocalFile.State.EMPTY,
        LocalFile.State.DATABASE,
        LocalFile.State.MARKED,
        LocalFile.State.FOREIGN
    };

    private static LocalDatabase.Descends descends(String head) {
        return new LocalDatabase.Descends(
                new Lineage(Optional.of("replica"), Optional.of(head), 4096, Optional.empty()));
    }

    private static LocalDatabase restoring(LocalDatabase.Settled before) {
        return new LocalDatabase.Restoring(ITS_FILE, NEW, HEAD, before);
    }

    private static LocalDatabase deleting(LocalDatabase.Settled before) {
        return new LocalDatabase.Deleting("0000000000000005", Optional.of(ITS_FILE), before);
    }

    /** What was known, which file is found there, and what is known then for each of {@link #FOUND}. */
    static Stream<Arguments> after() {
        String other = "dev=1,ino=3";
        return Stream.of(
                        //                  MISSING    EMPTY      DATABASE   MARKED     FOREIGN
                        row(UNKNOWN, other, UNKNOWN, UNKNOWN, UNKNOWN, OFFLOADED, UNKNOWN),
                        row(OLD, other, UNKNOWN, OLD, OLD, OFFLOADED, OLD),
                        row(OFFLOADED, other, OFFLOADED, OFFLOADED, OFFLOADED, OFFLOADED, OFFLOADED),
                        row(deleting(OLD), ITS_FILE, OFFLOADED, OFFLOADED, OLD, OFFLOADED, OLD),
                        row(deleting(UNKNOWN), ITS_FILE, OFFLOADED, OFFLOADED, UNKNOWN, OFFLOADED, UNKNOWN),
                        row(deleting(OLD), other, OFFLOADED, OFFLOADED, OFFLOADED, OFFLOADED, OFFLOADED),
                        row(restoring(UNKNOWN), ITS_FILE, UNKNOWN, NEW, NEW, OFFLOADED, NEW),
                        row(restoring(UNKNOWN), other, UNKNOWN, UNKNOWN, UNKNOWN, OFFLOADED, UNKNOWN),
                        row(restoring(OLD), ITS_FILE, UNKNOWN, NEW, NEW, OFFLOADED, NEW),
                        row(restoring(OLD), other, UNKNOWN, OLD, OLD, OFFLOADED, OLD),
                        row(restoring(OFFLOADED), ITS_FILE, UNKNOWN, NEW, NEW, OFFLOADED, NEW),
                        row(restoring(OFFLOADED), other, OFFLOADED, OFFLOADED, OFFLOADED, OFFLOADED, OFFLOADED))
                .flatMap(row -> row);
    }

    private static Stream<Arguments> row(LocalDatabase known, String fileId, LocalDatabase... then) {
        assertThat(then).hasSameSizeAs(LocalFile.State.values());
        return IntStream.range(0, then.length)
                .mapToObj(column -> arguments(known, FOUND[column], Optional.of(fileId), then[column]));
    }

    @ParameterizedTest
    @MethodSource("after")
    void what_is_known_follows_from_the_case_and_from_what_is_found(
            LocalDatabase known, LocalFile.State found, Optional<String> fileId, LocalDatabase then) {
        assertThat(known.after(found, fileId)).isEqualTo(then);
        assertThat(known.restoreDecided(fileId).after(found, fileId))
                .as("decided in two steps")
                .isEqualTo(then);
        LocalFile.State next = found == LocalFile.State.MARKED ? LocalFile.State.MISSING : found;
        assertThat(then.after(next, fileId)).as("a second look changes nothing").isEqualTo(then);
    }

    @Test
    void a_restore_whose_path_holds_no_file_at_all_did_not_get_there() {
        assertThat(restoring(OFFLOADED).after(LocalFile.State.MISSING, Optional.empty()))
                .isEqualTo(OFFLOADED);
        assertThat(restoring(OLD).after(LocalFile.State.MISSING, Optional.empty()))
                .isEqualTo(UNKNOWN);
    }

    @Test
    void a_head_is_accepted_with_the_restored_file_only() {
        assertThat(restoring(OLD).acceptedHead(Optional.of(ITS_FILE))).contains(HEAD);
        assertThat(restoring(OLD).acceptedHead(Optional.of("dev=1,ino=3"))).isEmpty();
        assertThat(restoring(OLD).acceptedHead(Optional.empty())).isEmpty();
        assertThat(deleting(OLD).acceptedHead(Optional.of(ITS_FILE))).isEmpty();
    }
}
