package io.github.litestow.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.litestow.control.ProcessIdentity;
import io.github.litestow.lease.Lease.Answer;
import io.github.litestow.lease.Lease.Holder;
import io.github.litestow.lease.Lease.State;
import io.github.litestow.outcome.Failure;
import io.github.litestow.s3.S3ProxyServer;
import io.github.litestow.s3.S3Server;
import io.github.litestow.s3.VersityServer;
import io.github.litestow.store.Replica;
import io.github.litestow.store.ReplicaStore;
import io.github.litestow.store.file.FileStore;
import io.github.litestow.store.s3.S3StoreContractTest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What the lease promises, over a folder and two S3 servers. */
class LeaseTest {
    private static final Duration TIME = Duration.ofMinutes(1);
    private static final int RACERS = 8;
    private static final AtomicInteger NUMBER = new AtomicInteger();

    @TempDir
    private static Path folder;

    private static S3Server versity;
    private static S3Server s3proxy;

    private final AtomicLong now = new AtomicLong(System.nanoTime());
    private final String path = "lease-" + NUMBER.incrementAndGet();

    enum Place {
        FOLDER,
        VERSITY,
        S3PROXY
    }

    @BeforeAll
    static void startServers() {
        versity = VersityServer.start(folder.resolve("versity"));
        s3proxy = S3ProxyServer.start();
    }

    @AfterAll
    static void stopServers() {
        versity.close();
        s3proxy.close();
    }

    private ReplicaStore store(Place place) {
        return switch (place) {
            case FOLDER -> new FileStore(folder.resolve(path));
            case VERSITY -> S3StoreContractTest.s3(versity, path);
            case S3PROXY -> S3StoreContractTest.s3(s3proxy, path);
        };
    }

    private Lease lease(Place place, String id) {
        return lease(store(place), id);
    }

    private Lease lease(ReplicaStore store, String id) {
        Replica replica = new Replica("test", store, new ObjectMapper());
        return Lease.of(replica, new Holder(id, "service " + id), TIME, now::get)
                .orElseThrow();
    }

    private void passes(Duration time) {
        now.addAndGet(time.toNanos());
    }

    @ParameterizedTest
    @EnumSource
    void the_first_has_it_and_others_are_told_who(Place place) throws Failure {
        assertThat(lease(place, "a").take().state()).isEqualTo(State.HELD);
        assertThat(lease(place, "b").take()).isEqualTo(new Answer(State.WAIT, "service a"));
    }

    @Test
    void where_a_store_keeps_no_condition_a_holder_whose_time_is_over_looks_before_it_renews() throws Failure {
        MemoryStore.Shared objects = new MemoryStore.Shared(new Random(1));
        objects.recover();
        objects.ignoreConditions();
        Lease frozen = lease(new MemoryStore(objects, ""), "a");
        Lease other = lease(new MemoryStore(objects, ""), "b");
        frozen.take();
        assertThat(frozen.renew(Optional.empty())).isTrue();
        other.take();
        passes(TIME);
        assertThat(other.take().state()).isEqualTo(State.HELD);

        assertThat(frozen.renew(Optional.empty())).isFalse();
        assertThat(other.renew(Optional.empty())).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void a_holder_who_renews_is_seen_to_be_alive_and_keeps_it_for_ever(Place place) throws Failure {
        Lease holder = lease(place, "a");
        Lease other = lease(place, "b");
        holder.take();
        other.take();
        for (int third = 1; third <= 7; third++) {
            passes(TIME.dividedBy(3));
            assertThat(holder.renew(Optional.empty())).isTrue();
            assertThat(other.take().state()).isEqualTo(State.ALIVE);
            assertThat(other.take().state()).as("and again").isEqualTo(State.ALIVE);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_silent_holder_is_relieved_only_after_its_time_and_knows_itself_by_then(Place place) throws Failure {
        Lease holder = lease(place, "a");
        Lease other = lease(place, "b");
        holder.take();
        other.take();
        passes(TIME.minusMillis(1));
        assertThat(other.take().state()).isEqualTo(State.WAIT);
        assertThat(holder.left()).isPositive();
        passes(Duration.ofMillis(1));
        assertThat(holder.left()).isZero();
        assertThat(other.take().state()).isEqualTo(State.HELD);
        assertThat(holder.renew(Optional.empty())).isFalse();
        assertThat(holder.take()).isEqualTo(new Answer(State.WAIT, "service b"));
    }

    @ParameterizedTest
    @EnumSource
    void what_is_given_back_is_free_at_once_and_renewed_no_more(Place place) throws Failure {
        Lease holder = lease(place, "a");
        holder.take();
        holder.release();
        assertThat(holder.left()).isZero();
        Lease other = lease(place, "b");
        assertThat(other.take().state()).isEqualTo(State.HELD);
        holder.release();
        assertThat(holder.renew(Optional.empty())).isFalse();
        assertThat(other.renew(Optional.empty())).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void a_killed_holder_that_comes_back_has_it_at_once(Place place) throws Failure {
        lease(place, "a").take();
        assertThat(lease(place, "a").take().state()).isEqualTo(State.HELD);
    }

    @ParameterizedTest
    @EnumSource
    void a_living_twin_with_the_same_id_is_another_holder(Place place) throws Failure {
        Lease holder = lease(place, "a");
        Lease twin = lease(place, "a");
        holder.take();
        twin.take();
        assertThat(holder.renew(Optional.empty())).isFalse();
        assertThat(holder.take().state()).isEqualTo(State.WAIT);
        passes(TIME.dividedBy(3));
        twin.renew(Optional.empty());
        assertThat(holder.take().state()).isEqualTo(State.ALIVE);
    }

    @ParameterizedTest
    @EnumSource
    void an_expired_lease_that_nobody_wanted_is_renewed(Place place) throws Failure {
        Lease holder = lease(place, "a");
        holder.take();
        passes(TIME.multipliedBy(10));
        assertThat(holder.renew(Optional.empty())).isTrue();
        assertThat(holder.left()).isEqualTo(TIME);
    }

    @ParameterizedTest
    @EnumSource(names = {"FOLDER", "VERSITY"})
    void of_eight_that_take_a_free_an_abandoned_and_a_returned_one_at_once_one_has_it(Place place) throws Exception {
        for (int round = 1; round <= 10; round++) {
            List<Lease> racers = new ArrayList<>();
            for (int number = 0; number < RACERS; number++) {
                racers.add(lease(place, "racer " + number + " of " + round));
            }
            Lease free = theOne(racers);
            racers.remove(free);
            for (Lease racer : racers) {
                assertThat(racer.take().state()).isEqualTo(State.WAIT);
            }
            passes(TIME);
            Lease heir = theOne(racers);
            heir.release();
            racers.remove(heir);
            theOne(racers).release();
        }
    }

    private static Lease theOne(List<Lease> racers) throws Exception {
        CyclicBarrier start = new CyclicBarrier(racers.size());
        ExecutorService threads = Executors.newFixedThreadPool(racers.size());
        try {
            List<Future<Answer>> running = new ArrayList<>();
            for (Lease racer : racers) {
                running.add(threads.submit(() -> {
                    start.await();
                    return racer.take();
                }));
            }
            List<Lease> winners = new ArrayList<>();
            for (int number = 0; number < racers.size(); number++) {
                Answer answer = running.get(number).get(30, TimeUnit.SECONDS);
                assertThat(answer.who()).as("who was quicker").startsWith("service racer");
                if (answer.state() == State.HELD) {
                    winners.add(racers.get(number));
                }
            }
            assertThat(winners).hasSize(1);
            return winners.get(0);
        } finally {
            threads.shutdownNow();
        }
    }

    @ParameterizedTest
    @CsvSource({"FOLDER, <html>", "VERSITY, {}", "FOLDER, null", "S3PROXY, <html>"})
    void an_object_that_is_no_lease_is_reported_and_never_overwritten(Place place, String text) throws Failure {
        byte[] strange = text.getBytes(StandardCharsets.UTF_8);
        store(place).create("litestow/lease.json", strange);
        assertThatThrownBy(() -> lease(place, "a").take())
                .isInstanceOf(Failure.class)
                .hasMessageContaining("litestow/lease.json");
        assertThat(store(place).read("litestow/lease.json"))
                .hasValueSatisfying(object -> assertThat(object.body()).isEqualTo(strange));
    }

    @ParameterizedTest
    @EnumSource(names = {"FOLDER", "VERSITY"})
    void whoever_relieves_a_silent_uploader_knows_what_it_may_still_write_and_so_do_its_heirs(Place place)
            throws Failure {
        Lease silent = lease(place, "a");
        silent.take();
        silent.renew(Optional.of(WriteClaims.Upload.from(Optional.empty(), Optional.empty())));
        Lease heir = lease(place, "b");
        heir.take();
        passes(TIME);

        assertThat(heir.take().state()).isEqualTo(State.HELD);

        WriteClaims.TookOver expected =
                new WriteClaims.TookOver("a", "service a", "0000000000000000", "0000000000000004");
        assertThat(heir.claims().tookOver()).contains(expected);
        heir.release();
        Lease next = lease(place, "c");
        assertThat(next.take().state()).isEqualTo(State.HELD);
        assertThat(next.claims().tookOver()).contains(expected);
        assertThat(WriteClaims.read(new Replica("test", store(place), new ObjectMapper()))
                        .tookOver())
                .contains(expected);
    }

    @ParameterizedTest
    @EnumSource
    void of_a_silent_holder_that_uploaded_nothing_nothing_is_to_be_feared(Place place) throws Failure {
        Lease silent = lease(place, "a");
        silent.take();
        silent.renew(Optional.of(WriteClaims.Upload.from(Optional.empty(), Optional.empty())));
        silent.recorded();
        silent.renew(Optional.empty());
        Lease heir = lease(place, "b");
        heir.take();
        passes(TIME);

        assertThat(heir.take().state()).isEqualTo(State.HELD);

        assertThat(heir.claims()).isEqualTo(WriteClaims.NONE);
    }

    @ParameterizedTest
    @EnumSource
    void a_holder_of_this_host_that_is_dead_is_not_waited_for(Place place) throws Exception {
        Process process = new ProcessBuilder("sleep", "300").start();
        ProcessIdentity identity = ProcessIdentity.of(process.toHandle()).orElseThrow();
        String text =
                HolderProcess.own().orElseThrow().split(" ", -1)[0] + " " + identity.pid() + " " + identity.start();
        LeaseDocument left =
                new LeaseDocument("x", "a dead one", 60_000, "y", text, true, null, null, null, null, null);
        store(place).create("litestow/lease.json", new ObjectMapper().writeValueAsBytes(left));
        assertThat(lease(place, "a").take()).isEqualTo(new Answer(State.WAIT, "a dead one"));

        process.destroyForcibly().waitFor();

        assertThat(lease(place, "a").take().state()).isEqualTo(State.HELD);
    }

    @ParameterizedTest
    @EnumSource(names = "FOLDER")
    void what_an_earlier_version_wrote_is_read_and_feared(Place place) throws Failure {
        String text = "{\"holder\":\"x\",\"who\":\"an old one\",\"ttlMillis\":60000,\"mark\":\"y\"}";
        store(place).create("litestow/lease.json", text.getBytes(StandardCharsets.UTF_8));
        Lease heir = lease(place, "a");
        assertThat(heir.take()).isEqualTo(new Answer(State.WAIT, "an old one"));
        passes(TIME);

        assertThat(heir.take().state()).isEqualTo(State.HELD);

        assertThat(heir.claims().tookOver().map(WriteClaims.TookOver::upTo)).contains("0000000000000004");
    }
}
