package io.github.litestow.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.host.Host;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.report.BackupState;
import io.github.litestow.report.BackupStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Between two proofs each slot of a service looks whether the only copy is where it should be, and is green again
 * by itself when it is.
 */
class OffloadedReplicaTest {
    @TempDir
    Path temp;

    private Host host;
    private Path replica;
    private Path hidden;
    private RestorePoint newest;

    @BeforeEach
    void anOffloadedDatabaseOfTwoPoints() {
        replica = temp.resolve("replica");
        hidden = temp.resolve("hidden");
        host = new Host(temp.resolve("host"), replica);
        host.file().withRows("WAL", 10);
        host.offload();
        host.restore();
        host.file().addRow();
        newest = host.offload().point();
        host.engine().forget();
        assertWell(new Outcome.NothingToSnapshot(Optional.of(newest.txid())));
        assertThat(host.engine().calls()).as("a look takes no engine").isEmpty();
    }

    @AfterEach
    void endTheService() {
        host.stop();
    }

    private BackupStatus backup() {
        return host.status().backup();
    }

    private void assertInDoubt(FailureKind kind) {
        Host.assertFailed(host.snapshot(), kind);
        assertThat(backup().offloaded()).isTrue();
        assertThat(backup().state()).isEqualTo(BackupState.STALE);
    }

    private void assertWell(Outcome expected) {
        assertThat(host.snapshot()).isEqualTo(expected);
        assertThat(backup().state()).isEqualTo(BackupState.FRESH);
        assertThat(host.status().lastFailure()).isEmpty();
    }

    @Test
    void an_emptied_replica_is_noticed_by_the_next_slot_and_so_is_that_it_is_back() throws IOException {
        Files.move(replica.resolve("ltx"), hidden);

        assertInDoubt(FailureKind.REPLICA_MISSING);

        Files.move(hidden, replica.resolve("ltx"));
        assertWell(new Outcome.NothingToSnapshot(Optional.of(newest.txid())));
    }

    @Test
    void a_newest_file_that_is_gone_is_noticed_and_only_a_restore_ends_that() throws IOException {
        Path file = fileOf(newest.txid());
        Files.move(file, hidden);

        assertInDoubt(FailureKind.PROOF_FAILED);

        Files.move(hidden, file);
        assertWell(new Outcome.Verified(newest, false));
        assertWell(new Outcome.NothingToSnapshot(Optional.of(newest.txid())));
    }

    @Test
    void a_file_that_is_gone_in_between_is_noticed() throws IOException {
        Path first = host.replicaFiles().keySet().stream()
                .sorted()
                .findFirst()
                .map(replica::resolve)
                .orElseThrow();
        Files.move(first, hidden);

        Host.assertFailed(host.snapshot(), FailureKind.PROOF_FAILED);

        Files.move(hidden, first);
        assertWell(new Outcome.Verified(newest, false));
    }

    @Test
    void another_replica_that_ends_alike_is_not_taken_for_it() throws IOException {
        Path identity = replica.resolve("litestow/identity.json");
        String own = Files.readString(identity);
        Files.writeString(identity, own.replaceFirst("[0-9a-f]{8}", "00000000"));

        assertInDoubt(FailureKind.REFUSED);

        Files.writeString(identity, own);
        assertWell(new Outcome.NothingToSnapshot(Optional.of(newest.txid())));
    }

    @Test
    void a_replica_that_does_not_answer_is_a_failure_and_no_doubt_and_over_with_the_first_answer() throws IOException {
        Files.move(replica, hidden);
        Files.writeString(replica, "no folder");

        assertThat(host.snapshot().failure()).isPresent();
        assertThat(host.status().lastFailure()).isPresent();

        Files.delete(replica);
        Files.move(hidden, replica);
        assertWell(new Outcome.NothingToSnapshot(Optional.of(newest.txid())));
    }

    @Test
    void what_did_not_restore_is_not_downloaded_again_by_the_next_slot_unless_its_files_change() throws IOException {
        Path file = fileOf(newest.txid());
        byte[] whole = Files.readAllBytes(file);
        FileTime time = Files.getLastModifiedTime(file);
        spoil(file);
        host.later(Duration.ofDays(8));

        assertInDoubt(FailureKind.PROOF_FAILED);
        host.engine().forget();
        assertInDoubt(FailureKind.PROOF_FAILED);
        assertThat(host.engine().calls()).as("no second download").isEmpty();
        assertThat(host.lastRun().result().failure().orElseThrow().cause()).contains("the same files since");

        assertThat(host.verify().failure())
                .as("asked for, it is restored at once")
                .isPresent();
        Files.write(file, whole);
        Files.setLastModifiedTime(file, FileTime.from(time.toInstant().plusSeconds(60)));
        assertWell(new Outcome.Verified(newest, false));
    }

    @Test
    void what_restored_since_is_not_called_unrestorable_by_an_earlier_failure() throws IOException {
        host.with("verifyOffloadedEvery", Optional.of(Duration.ofMillis(1)));
        Path file = fileOf(newest.txid());
        byte[] whole = Files.readAllBytes(file);
        FileTime time = Files.getLastModifiedTime(file);
        spoil(file);
        Files.setLastModifiedTime(file, time);
        assertInDoubt(FailureKind.PROOF_FAILED);
        // Put right in its place, with its time.
        Files.write(file, whole);
        Files.setLastModifiedTime(file, time);
        assertThat(host.verify()).isEqualTo(new Outcome.Verified(newest, false));

        assertWell(new Outcome.Verified(newest, false));
    }

    private static void spoil(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
    }

    private Path fileOf(String txid) {
        return host.replicaFiles().keySet().stream()
                .filter(name -> name.endsWith("-" + txid + ".ltx"))
                .findFirst()
                .map(replica::resolve)
                .orElseThrow();
    }
}
