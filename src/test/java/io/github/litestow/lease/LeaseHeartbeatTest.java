package io.github.litestow.lease;

import static io.github.litestow.host.Host.assertFailed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.litestow.host.Host;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two services on one replica: never both at once, and never waiting longer than for a dead one. */
class LeaseHeartbeatTest {
    @TempDir
    Path temp;

    private final AtomicBoolean hung = new AtomicBoolean();
    private Host one;
    private Host other;

    @BeforeEach
    void twoHostsWithOneReplica() {
        one = new Host(temp.resolve("one"), temp.resolve("replica"));
        other = new Host(temp.resolve("other"), temp.resolve("replica"));
    }

    @AfterEach
    void nobodyHoldsIt() {
        one.database().lease().giveBack();
        other.database().lease().giveBack();
    }

    private void serves(Host host) throws Failure {
        host.keepOtherProcessesOut();
        await().until(() -> host.database().lease().keep(host.description()).isEmpty());
    }

    @Test
    void while_a_service_serves_nobody_else_writes_to_its_replica() throws Failure {
        serves(one);
        other.file().withRows("WAL", 50);
        Map<String, String> before = one.replicaFiles();

        Outcome outcome = other.snapshot();

        assertFailed(outcome, FailureKind.BUSY);
        assertThat(outcome.toString()).contains("is being written to by", "pid");
        assertThat(other.file().file()).exists();
        assertThat(one.replicaFiles()).isEqualTo(before);
        assertThat(one.database().leaseHeld()).isTrue();
        assertThat(other.database().leaseHeld()).isFalse();
    }

    @Test
    void a_second_service_waits_until_the_first_gives_the_lease_back() throws Failure {
        serves(one);
        assertThat(other.database().lease().keep(other.description())).isPresent();

        one.database().lease().giveBack();

        serves(other);
        other.file().withRows("WAL", 50);
        other.offload();
    }

    @Test
    void a_command_gives_the_lease_back_when_its_run_has_ended() {
        one.file().withRows("WAL", 50);
        one.offload();
        assertThat(other.restore()).isInstanceOf(Outcome.Restored.class);
        other.file().addRow();
        other.offload();
    }

    @Test
    void what_a_dead_holder_on_another_host_left_is_taken_over() throws Failure {
        dead("elsewhere");
        one.file().withRows("WAL", 50);
        one.offload();
    }

    @Test
    void what_this_host_left_when_it_was_killed_is_taken_over_at_once() throws Failure {
        one.keepOtherProcessesOut();
        dead(one.database().lock().host().holderId());
        assertThat(one.database().lease().keep(one.description())).isEmpty();
    }

    private void dead(String id) throws Failure {
        Lease lease = Lease.of(
                        one.database().replica(),
                        new Lease.Holder(id, "a dead one"),
                        Duration.ofSeconds(2),
                        System::nanoTime)
                .orElseThrow();
        assertThat(lease.take().state()).isEqualTo(Lease.State.HELD);
    }

    @Test
    void two_folders_of_one_host_are_two_holders() throws Failure {
        one.keepOtherProcessesOut();
        other.keepOtherProcessesOut();
        assertThat(one.database().lock().host().holderId())
                .isNotEqualTo(other.database().lock().host().holderId());
    }

    @Test
    void a_run_whose_lease_is_taken_over_ends_and_nothing_is_deleted() {
        one.file().withRows("WAL", 50);
        one.engine().afterReplicate(this::takeOverAndBeNoticed);

        Outcome outcome = one.snapshot();

        assertFailed(outcome, FailureKind.BUSY);
        assertThat(outcome.toString()).contains("taken over");
        assertThat(one.file().file()).exists();
    }

    @Test
    void whoever_asks_after_a_takeover_is_told_of_it_and_not_of_a_network() throws Failure {
        serves(one);
        takeOverAndBeNoticed();

        assertThatThrownBy(() -> one.database().lease().requireByClock())
                .isInstanceOfSatisfying(Failure.class, lost -> {
                    assertThat(lost).hasMessageContaining("taken over by somebody else");
                    assertThat(lost.hint()).contains("Stop the other one").doesNotContain("network");
                });
    }

    @Test
    void a_lease_that_a_run_lost_is_not_taken_anew_beside_it() {
        one.file().withRows("WAL", 50);
        one.engine().afterReplicate(() -> {
            takeOverAndBeNoticed();
            // Given back: somebody wrote meanwhile, and is gone.
            Host.delete(temp.resolve("replica/litestow/lease.json"));
            await().during(Duration.ofMillis(900)).until(() -> !one.database().leaseHeld());
        });

        assertFailed(one.snapshot(), FailureKind.BUSY);

        one.engine().afterReplicate(() -> {});
        one.offload();
    }

    @Test
    void a_run_whose_replica_hangs_is_ended_before_another_may_take_over() {
        one.file().withRows("WAL", 50);
        CountDownLatch hanging = new CountDownLatch(1);
        one.engine().afterReplicate(() -> {
            hung.set(true);
            // Long enough for the watch to see it, too: renewed sooner, the run rightly goes on.
            await().during(Duration.ofMillis(400)).until(() -> !one.database().leaseHeld());
            hanging.countDown();
        });
        one.beforeReplicaRead(key -> {
            if (key.contains("lease") && hung.get()) {
                awaitQuietly(hanging);
            }
        });

        Outcome outcome = one.snapshot();

        assertFailed(outcome, FailureKind.BUSY);
        assertThat(outcome.toString())
                .contains("not renewed in time")
                .as("nobody else is there, or need be")
                .doesNotContain("Stop the other one");
        assertThat(one.file().file()).exists();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void a_service_that_stops_takes_nothing_any_more() throws Failure {
        one.keepOtherProcessesOut();
        one.database().lease().giveBack();

        assertThat(one.database().lease().keep(one.description())).isEmpty();

        assertThat(one.database().leaseHeld()).isFalse();
        serves(other);
    }

    @Test
    void before_the_engine_starts_the_lease_is_made_sure_of() {
        one.file().withRows("WAL", 50);
        one.keep();
        one.file().addRow();
        one.engine().forget();
        one.beforeReplicaRead(key -> {
            if (key.contains("identity")) {
                takeOver();
            }
        });

        assertFailed(one.snapshot(), FailureKind.BUSY);

        assertThat(one.engine().calls()).doesNotContain("replicate", "replicate with snapshot");
    }

    private void takeOver() {
        TakeOver.of(temp.resolve("replica"));
    }

    private void takeOverAndBeNoticed() {
        takeOver();
        await().until(() -> !one.database().leaseHeld());
    }

    @Test
    void a_service_whose_lease_was_taken_over_has_it_again_when_the_other_gives_it_back() throws Failure {
        serves(one);
        takeOverAndBeNoticed();
        one.file().withRows("WAL", 50);

        Path object = temp.resolve("replica/litestow/lease.json");
        Host.delete(object);

        await().until(() -> one.database().leaseHeld());
        one.offload();
    }
}
