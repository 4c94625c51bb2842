package io.github.litestow.run;

import static io.github.litestow.host.Host.assertFailed;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.litestow.application.Application;
import io.github.litestow.config.ReplicaUrl;
import io.github.litestow.host.Host;
import io.github.litestow.lease.Lease;
import io.github.litestow.lease.WriteClaims;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.run.restore.RestoreRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A service is frozen while its engine uploads; another one takes its expired lease over and goes on;
 * the frozen one is thawed, and what it had on its way arrives. Nobody ever restores that.
 */
class LateWritesTest {
    private static final String BEGIN = "0000000000000001";

    @TempDir
    Path temp;

    private Path replica;
    private Host frozen;
    private Host heir;

    @BeforeEach
    void two_hosts_that_restored_the_same_point() {
        replica = temp.resolve("replica");
        frozen = new Host(temp.resolve("frozen"), replica);
        heir = new Host(temp.resolve("heir"), replica);
        frozen.file().withRows("WAL", 50);
        frozen.offload();
        frozen.restore();
        heir.restore();
        frozen.file().execute("INSERT INTO t (note) VALUES ('frozen')");
        heir.file().execute("INSERT INTO t (note) VALUES ('acknowledged')");
    }

    /** What the frozen host's engine has on its way: the files that it would have uploaded by itself. */
    private List<Path> onItsWay(boolean wholeSnapshot) {
        Path other = temp.resolve("elsewhere");
        copyTree(replica, other, true);
        frozen.with(new ReplicaUrl("file://" + other, "file"), frozen.settings().s3());
        if (wholeSnapshot) {
            frozen.adopt();
        } else {
            frozen.keep();
        }
        return files(other.resolve("ltx")).stream()
                .filter(file -> !Files.exists(replica.resolve(other.relativize(file))))
                .toList();
    }

    private void arrives(List<Path> late) {
        for (Path file : late) {
            Path target = replica.resolve(temp.resolve("elsewhere").relativize(file));
            copy(file, target);
        }
    }

    private Lease leaseOfTheFrozen(Optional<WriteClaims.Upload> upload) throws Failure {
        Lease lease = Lease.of(
                        heir.database().replica(),
                        new Lease.Holder("frozen", "the frozen service"),
                        Duration.ofSeconds(1),
                        System::nanoTime)
                .orElseThrow();
        assertThat(lease.take().state()).isEqualTo(Lease.State.HELD);
        assertThat(lease.renew(upload)).isTrue();
        return lease;
    }

    private void isFrozenWhileItUploads() throws Failure {
        leaseOfTheFrozen(Optional.of(WriteClaims.Upload.from(Optional.of(BEGIN), Optional.empty())));
    }

    /** Its engine asks where the replica ends only now, and goes on from there. */
    private String isThawedBeforeItsEngineLooksFor(Outcome.Offloaded proven) {
        List<Path> late = onItsWay(true);
        arrives(late);
        String ahead = String.format("%016x", Long.parseLong(proven.point().txid(), 16) + 1);
        assertThat(replica.resolve("ltx/0/" + ahead + "-" + ahead + ".ltx")).exists();
        return ahead;
    }

    private void aNewMachineHasTheHeirsRows() {
        Host machine = new Host(temp.resolve("machine-" + System.nanoTime()), replica);
        assertThat(machine.restore()).isInstanceOf(Outcome.Restored.class);
        assertThat(machine.file().content()).contains(":acknowledged").doesNotContain(":frozen");
    }

    @Test
    void a_late_write_over_what_was_proven_is_never_restored() throws Failure {
        List<Path> late = onItsWay(false);
        isFrozenWhileItUploads();

        heir.offload();
        arrives(late);

        assertThat(late).isNotEmpty();
        aNewMachineHasTheHeirsRows();
        assertThat(heir.restore()).isInstanceOf(Outcome.Restored.class);
        assertThat(heir.file().content()).contains(":acknowledged");
    }

    @Test
    void a_late_whole_snapshot_is_never_restored() throws Failure {
        List<Path> late = onItsWay(true);
        isFrozenWhileItUploads();
        heir.offload();

        for (int later = 0; later < 3; later++) {
            // Under each key that the frozen engine may have meant.
            arrives(renamed(late, later));
        }

        aNewMachineHasTheHeirsRows();
    }

    @Test
    void what_follows_a_takeover_is_restored_without_the_contested_transactions() throws Failure {
        List<Path> late = onItsWay(false);
        isFrozenWhileItUploads();
        heir.offload();
        arrives(late);
        heir.restore();
        heir.file().execute("INSERT INTO t (note) VALUES ('later')");

        heir.offload();

        aNewMachineHasTheHeirsRows();
        assertThat(heir.restoredContent()).contains(":later");
    }

    @Test
    void a_database_that_stays_is_brought_past_a_late_write_while_its_application_works() throws Failure {
        List<Path> late = onItsWay(false);
        isFrozenWhileItUploads();
        try (Application application = new Application().open(heir.file().file())) {
            application.sql("INSERT INTO t (note) VALUES ('working')");

            assertThat(heir.keep()).isInstanceOf(Outcome.Snapshotted.class);
            arrives(late);

            aNewMachineHasTheHeirsRows();
            application.sql("INSERT INTO t (note) VALUES ('later')");
            assertThat(heir.keep()).isInstanceOf(Outcome.Snapshotted.class);
        }
        assertThat(heir.restoredContent()).contains(":working").contains(":later");
    }

    @Test
    void a_holder_of_an_earlier_version_says_nothing_and_may_write_all_the_same() throws Exception {
        List<Path> late = onItsWay(false);
        Files.writeString(
                replica.resolve("litestow/lease.json"),
                new ObjectMapper()
                        .writeValueAsString(
                                Map.of("holder", "x", "who", "an old one", "ttlMillis", 1000, "mark", "y")));

        heir.offload();
        arrives(late);

        aNewMachineHasTheHeirsRows();
    }

    @Test
    void after_a_silent_holder_that_uploaded_nothing_nothing_is_uploaded_twice() throws Failure {
        leaseOfTheFrozen(Optional.empty());
        heir.engine().forget();

        heir.offload();

        assertThat(heir.engine().calls()).as("what changed, without the engine").containsExactly("restore");
    }

    @Test
    void what_a_dead_holder_had_uploaded_before_it_was_relieved_is_restored() throws Failure {
        List<Path> last = onItsWay(false);
        isFrozenWhileItUploads();
        arrives(last);
        Host machine = new Host(temp.resolve("machine"), replica);

        assertThat(machine.start()).isInstanceOf(Outcome.Restored.class);

        assertThat(machine.file().content()).contains(":frozen");
        machine.file().execute("INSERT INTO t (note) VALUES ('machine')");
        machine.offload();
        assertThat(machine.restoredContent()).contains(":frozen").contains(":machine");
    }

    @Test
    void a_late_head_is_passed_over_with_a_warning_that_names_it() throws Failure {
        isFrozenWhileItUploads();
        String ahead = isThawedBeforeItsEngineLooksFor(heir.offload());
        Host machine = new Host(temp.resolve("machine"), replica);

        assertThat(machine.restore()).isInstanceOf(Outcome.Restored.class);

        assertThat(machine.file().content()).contains(":acknowledged").doesNotContain(":frozen");
        assertThat(machine.lastRun().warnings()).anyMatch(warning -> warning.contains(ahead));
    }

    @Test
    void a_replica_with_a_late_head_takes_the_holders_next_snapshot() throws Failure {
        isFrozenWhileItUploads();
        Outcome.Offloaded proven = heir.offload();
        heir.restore();
        isThawedBeforeItsEngineLooksFor(proven);
        heir.file().execute("INSERT INTO t (note) VALUES ('later')");

        heir.offload();

        aNewMachineHasTheHeirsRows();
        assertThat(heir.restoredContent()).contains(":later");
    }

    @Test
    void a_file_that_replaced_a_proven_one_is_named_and_not_restored() throws Failure {
        List<Path> late = onItsWay(false);
        heir.offload();
        arrives(late);
        Host machine = new Host(temp.resolve("machine"), replica);

        Outcome outcome = machine.restore();

        assertFailed(outcome, FailureKind.PROOF_FAILED);
        assertThat(outcome.toString()).contains("ltx/0/0000000000000002-0000000000000002.ltx", "replaced");
        assertThat(machine.file().exists()).isFalse();
        assertFailed(machine.verify(), FailureKind.PROOF_FAILED);
        assertThat(machine.restore(new RestoreRequest(
                        "test",
                        RestoreRequest.Point.NEWEST,
                        new RestoreRequest.Target(Optional.empty(), false, false),
                        false,
                        true)))
                .isInstanceOf(Outcome.Restored.class);
        assertThat(machine.file().rows()).isEqualTo(50);
    }

    @Test
    void a_file_that_replaced_a_proven_one_is_healed_by_the_next_snapshot_of_a_database_that_is_there() throws Failure {
        List<Path> late = onItsWay(false);
        heir.keep();
        arrives(late);
        heir.file().execute("INSERT INTO t (note) VALUES ('later')");

        heir.offload();

        assertThat(heir.lastRun().warnings()).anyMatch(warning -> warning.contains("replaced"));
        aNewMachineHasTheHeirsRows();
        assertThat(heir.restoredContent()).contains(":later");
    }

    private static List<Path> files(Path tree) {
        try (Stream<Path> walk = Files.walk(tree)) {
            return walk.filter(Files::isRegularFile).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<Path> renamed(List<Path> files, int later) {
        String txid = String.format("%016x", 2 + later);
        return files.stream()
                .map(file -> {
                    String name = String.valueOf(file.getFileName());
                    Path target = file.resolveSibling(
                            name.startsWith(BEGIN) ? BEGIN + "-" + txid + ".ltx" : txid + "-" + txid + ".ltx");
                    if (!target.equals(file)) {
                        copy(file, target);
                    }
                    return target;
                })
                .toList();
    }

    private static void copyTree(Path from, Path to, boolean withoutLease) {
        for (Path file : files(from)) {
            if (!withoutLease || !file.endsWith("lease.json")) {
                copy(file, to.resolve(from.relativize(file)));
            }
        }
    }

    private static void copy(Path from, Path to) {
        try {
            Files.createDirectories(to.getParent());
            Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
