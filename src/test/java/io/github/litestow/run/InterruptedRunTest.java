package io.github.litestow.run;

import static io.github.litestow.host.Host.assertFailed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.litestow.application.Application;
import io.github.litestow.host.Host;
import io.github.litestow.journal.LocalDatabase;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Kept;
import io.github.litestow.outcome.Operation;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.run.snapshot.SnapshotRequest;
import io.github.litestow.sqlite.TestDatabase;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that were cut off, and runs that meet others. */
class InterruptedRunTest {
    @TempDir
    Path temp;

    private Host host;
    private TestDatabase file;

    @BeforeEach
    void aHost() {
        host = new Host(temp.resolve("host"), temp.resolve("replica"));
        file = host.file();
    }

    /** Leaves what a kill between the mark and the end of the deletion leaves. */
    private String cutOffWhileDeleting() throws IOException, Failure {
        file.withRows("WAL", 50);
        String content = file.content();
        host.keep();
        String txid = host.database().journal().state().newest().orElseThrow().txid();
        host.database().journal().change(change -> change.deleting(txid, host.fileId()));
        byte[] bytes = Files.readAllBytes(file.file());
        byte[] mark = "LITESTOW OFFLOADED ".getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(mark, 0, bytes, 0, mark.length);
        Files.write(file.file(), bytes);
        host.restart();
        return content;
    }

    @Test
    void a_deletion_that_was_cut_off_is_finished_and_restored_at_the_next_start() throws Exception {
        String content = cutOffWhileDeleting();

        assertThat(host.start()).isInstanceOf(Outcome.Restored.class);

        assertThat(file.content()).isEqualTo(content);
        assertThat(host.database().journal().state().local()).isInstanceOf(LocalDatabase.Descends.class);
        file.addRow();
        host.offload();
    }

    @Test
    void a_deletion_that_was_cut_off_is_finished_by_the_next_snapshot() throws Exception {
        cutOffWhileDeleting();

        assertThat(host.snapshot()).isInstanceOf(Outcome.NothingToSnapshot.class);

        assertThat(file.exists()).isFalse();
        assertThat(host.database().journal().state().offloaded()).isTrue();
    }

    private Path aside() {
        return host.settings().stateFolder().resolve("deleting");
    }

    @Test
    void a_deletion_cut_off_after_the_move_is_finished() throws Exception {
        String content = cutOffWhileDeleting();
        Files.move(file.file(), aside());

        assertThat(host.snapshot()).isInstanceOf(Outcome.NothingToSnapshot.class);

        assertThat(aside()).doesNotExist();
        assertThat(host.settings().engineFolder()).doesNotExist();
        assertThat(host.database().journal().state().offloaded()).isTrue();
        assertThat(host.start()).isInstanceOf(Outcome.Restored.class);
        assertThat(file.content()).isEqualTo(content);
    }

    @Test
    void a_deletion_cut_off_before_the_engines_folder_went_is_finished() throws Exception {
        cutOffWhileDeleting();
        Files.delete(file.file());

        assertThat(host.snapshot()).isInstanceOf(Outcome.NothingToSnapshot.class);

        assertThat(host.settings().engineFolder()).doesNotExist();
        assertThat(host.database().journal().state().offloaded()).isTrue();
    }

    @Test
    void another_file_that_was_moved_aside_when_the_process_was_killed_gets_its_name_back() throws Exception {
        cutOffWhileDeleting();
        // Kept elsewhere, so that no other file gets its number.
        Files.move(file.file(), temp.resolve("replaced"));
        TestDatabase.at(aside()).withRows("DELETE", 7);

        host.snapshot();

        assertThat(aside()).doesNotExist();
        assertThat(file.rows()).isEqualTo(7);
        assertThat(host.database().journal().state().lineage())
                .as("it is not the one that was proven")
                .isEmpty();
    }

    @Test
    void another_file_whose_name_is_taken_meanwhile_goes_to_quarantine() throws Exception {
        cutOffWhileDeleting();
        Files.delete(file.file());
        TestDatabase.at(aside()).withRows("DELETE", 7);
        file.withRows("DELETE", 9);

        host.snapshot();

        assertThat(aside()).doesNotExist();
        assertThat(file.rows()).isEqualTo(9);
        assertThat(host.restores().quarantine(host.database()))
                .singleElement()
                .satisfies(kept -> assertThat(TestDatabase.at(kept.folder().resolve(TestDatabase.NAME))
                                .rows())
                        .isEqualTo(7));
    }

    @Test
    void an_intent_that_never_came_to_the_mark_deletes_nothing() throws Exception {
        file.withRows("WAL", 50);
        host.keep();
        String txid = host.database().journal().state().newest().orElseThrow().txid();
        host.database().journal().change(change -> change.deleting(txid, host.fileId()));
        file.addRow();
        host.restart();

        assertThat(host.start()).isInstanceOf(Outcome.AlreadyPresent.class);

        assertThat(file.rows()).isEqualTo(51);
        assertThat(host.database().journal().state().local()).isInstanceOf(LocalDatabase.Descends.class);
        host.offload();
        assertThat(host.restoredContent()).contains("51:added");
    }

    @Test
    void scratch_of_a_killed_run_is_swept() throws IOException {
        file.withRows("WAL", 50);
        Path left = host.settings().stateFolder().resolve("scratch/old/restored.db");
        Files.createDirectories(left.getParent());
        Files.writeString(left, "left");
        host.offload();
        assertThat(left).doesNotExist();
    }

    @Test
    void a_file_that_vanished_without_us_ends_its_lineage() throws IOException {
        file.withRows("WAL", 50);
        host.keep();
        for (String name : file.neighbours()) {
            if (name.startsWith(TestDatabase.NAME)) {
                Files.delete(file.file().resolveSibling(name));
            }
        }
        assertThat(host.snapshot()).isInstanceOf(Outcome.NothingToSnapshot.class);
        assertThat(host.database().journal().state().lineage()).isEmpty();
        assertThat(host.start()).isInstanceOf(Outcome.Restored.class);
        assertThat(file.rows()).isEqualTo(50);
    }

    @Test
    void a_run_that_meets_another_is_skipped() {
        file.withRows("WAL", 50);
        CountDownLatch working = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        host.engine().beforeReplicate(() -> {
            working.countDown();
            awaitLatch(goOn);
        });
        CompletableFuture<Outcome> first = CompletableFuture.supplyAsync(host::snapshot);
        awaitLatch(working);

        assertThat(host.snapshot()).isInstanceOf(Outcome.Skipped.class);
        assertThat(host.restore()).isInstanceOf(Outcome.Skipped.class);

        goOn.countDown();
        assertThat(first.join()).isInstanceOf(Outcome.Offloaded.class);
    }

    @Test
    void a_run_beside_another_process_is_busy_and_says_with_whom() throws IOException {
        file.withRows("WAL", 50);
        Path lock = host.settings().stateFolder().resolve("lock");
        Files.createDirectories(lock.getParent());
        Files.writeString(lock, "`serve` (pid 4711, http://0.0.0.0:8080)");
        try (Application other = new Application()) {
            other.lock(lock);
            assertFailed(host.snapshot(), FailureKind.BUSY);
            assertThat(((Outcome.Failed) host.lastRun().result()).cause()).contains("pid 4711");
            assertFailed(host.restore(), FailureKind.BUSY);
        }
        host.offload();
    }

    @Test
    void a_run_beside_another_class_loader_of_this_process_is_busy_and_leaves_it_its_lock() throws Exception {
        file.withRows("WAL", 50);
        Path lock = host.settings().stateFolder().resolve("lock");
        Files.createDirectories(lock.getParent());
        try (FileChannel other = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            other.lock();
            assertFailed(host.snapshot(), FailureKind.BUSY);
            try (Application third = new Application()) {
                assertThatThrownBy(() -> third.lock(lock)).hasMessageContaining("locked");
            }
        }
        host.offload();
    }

    @Test
    void the_host_lock_ends_with_the_process_that_held_it() throws IOException {
        file.withRows("WAL", 50);
        Path lock = host.settings().stateFolder().resolve("lock");
        Files.createDirectories(lock.getParent());
        try (Application other = new Application()) {
            other.lock(lock);
        }
        await().atMost(10, TimeUnit.SECONDS).until(() -> host.snapshot() instanceof Outcome.Offloaded);
    }

    @Test
    void stopping_ends_a_run_with_nothing_half_done() throws Exception {
        file.withRows("WAL", 50);
        host.engine().afterRestore(output -> host.runs().stop(java.time.Duration.ZERO));

        Outcome outcome = host.snapshot();

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Outcome.Snapshotted.class,
                        kept -> assertThat(kept.kept()).isEqualTo(Kept.STOPPING));
        assertThat(file.rows()).isEqualTo(50);
        assertThat(host.snapshot()).isInstanceOf(Outcome.Skipped.class);
        assertThat(host.snapshots()
                        .last(host.database(), new SnapshotRequest("shutdown", true, false, java.util.Optional.empty()))
                        .result()
                        .success())
                .isTrue();
        assertThat(host.lastRun().operation()).isEqualTo(Operation.SNAPSHOT);
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
