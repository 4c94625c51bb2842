package io.github.litestow.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.outcome.Failure;
import io.github.litestow.sqlite.StateFolder;
import io.github.litestow.sqlite.TestDatabase;
import io.github.litestow.store.WatchedReplica;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A hundred leases take few threads, and one in trouble costs the others nothing. */
@Timeout(60)
class ManyLeasesTest {
    private static final int MANY = 100;

    @TempDir
    Path temp;

    private final LeaseThreads threads = new LeaseThreads();
    private final List<LeaseHeartbeat> leases = new ArrayList<>();
    private final Map<Integer, AtomicInteger> reads = new ConcurrentHashMap<>();
    private final CountDownLatch hanging = new CountDownLatch(1);
    private final AtomicBoolean trouble = new AtomicBoolean();
    private volatile Runnable inTrouble = () -> {};

    @AfterEach
    void nobodyHoldsAny() {
        hanging.countDown();
        leases.forEach(LeaseHeartbeat::giveBack);
        threads.close();
    }

    /** The first of them, number 0, is the one that can be in trouble. */
    private void holdMany() throws Failure {
        for (int number = 0; number < MANY; number++) {
            leases.add(lease(number));
        }
        for (LeaseHeartbeat lease : leases) {
            assertThat(lease.keep("a service")).isEmpty();
        }
    }

    private LeaseHeartbeat lease(int number) throws Failure {
        Path replica = temp.resolve("replica-" + number);
        ConfiguredDatabase settings =
                TestDatabase.in(temp.resolve("host-" + number)).settings(replica);
        StateFolder.ensure(settings);
        AtomicInteger read = reads.computeIfAbsent(number, any -> new AtomicInteger());
        return new LeaseHeartbeat(
                settings,
                WatchedReplica.of(replica, new ObjectMapper(), key -> {
                    read.incrementAndGet();
                    if (number == 0 && trouble.get()) {
                        inTrouble.run();
                    }
                }),
                new HostLock(settings.stateFolder()),
                threads);
    }

    /** Each is asked again and again, so none lives on what it was given first. */
    private void awaitRenewalsOfAllButTheFirst() {
        Map<Integer, Integer> before = new ConcurrentHashMap<>();
        reads.forEach((number, count) -> before.put(number, count.get()));
        await().atMost(Duration.ofSeconds(30))
                .until(() -> before.entrySet().stream()
                        .filter(entry -> entry.getKey() > 0)
                        .allMatch(entry -> reads.get(entry.getKey()).get() >= entry.getValue() + 3));
    }

    private boolean allButTheFirstAreHeld() {
        return leases.stream().skip(1).allMatch(LeaseHeartbeat::sure);
    }

    @Test
    void a_hundred_leases_are_kept_on_ten_threads() throws Failure {
        int before = Thread.activeCount();
        holdMany();
        awaitRenewalsOfAllButTheFirst();

        assertThat(Thread.activeCount() - before).isLessThanOrEqualTo(10);
        assertThat(leases).allMatch(LeaseHeartbeat::sure);
    }

    @Test
    void a_replica_that_hangs_is_lost_in_time_and_keeps_no_other_from_being_renewed() throws Failure {
        holdMany();
        inTrouble = this::hang;
        trouble.set(true);

        await().until(() -> !leases.get(0).sure());
        awaitRenewalsOfAllButTheFirst();

        assertThat(leases.get(0).sure()).isFalse();
        assertThat(allButTheFirstAreHeld()).isTrue();
    }

    private void hang() {
        try {
            hanging.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void a_renewal_survives_whatever_is_thrown_at_it() throws Failure {
        holdMany();
        CountDownLatch thrown = new CountDownLatch(3);
        inTrouble = () -> {
            thrown.countDown();
            throw new AssertionError("a defect");
        };
        trouble.set(true);
        await().until(() -> thrown.getCount() == 0 && !leases.get(0).sure());
        assertThat(allButTheFirstAreHeld()).isTrue();

        trouble.set(false);

        await().until(() -> leases.get(0).sure());
    }

    @Test
    void a_watch_survives_a_user_that_throws_and_ends_the_others_in_time() throws Failure {
        leases.add(lease(0));
        leases.add(lease(1));
        List<String> ended = new ArrayList<>();
        take(leases.get(0), why -> {
            throw new IllegalStateException("a defect");
        });
        await().until(() -> leases.get(0).sure());
        inTrouble = this::hang;
        trouble.set(true);
        await().until(() -> !leases.get(0).sure());

        take(leases.get(1), why -> {
            synchronized (ended) {
                ended.add(why.getMessage());
            }
        });
        await().until(() -> leases.get(1).sure());
        TakeOver.of(temp.resolve("replica-1"));

        await().until(() -> {
            synchronized (ended) {
                return ended.size() == 1 && ended.get(0).contains("taken over");
            }
        });
    }

    private static void take(LeaseHeartbeat lease, Consumer<Failure> lost) throws Failure {
        lease.take("a run", new LeaseUser() {
            @Override
            public void pause(Duration time) {
                throw new AssertionError("nobody else has it");
            }

            @Override
            public void leaseLost(Failure why) {
                lost.accept(why);
            }
        });
    }
}
