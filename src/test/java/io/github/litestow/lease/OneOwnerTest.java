package io.github.litestow.lease;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.litestow.lease.Lease.Holder;
import io.github.litestow.lease.Lease.State;
import io.github.litestow.outcome.Failure;
import io.github.litestow.store.Replica;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/**
 * Three services and two commands that want the same databases, over a store that loses answers and lets
 * requests arrive late, each of them frozen, killed and started again at random: never two owners at a time.
 */
class OneOwnerTest {
    private static final Duration TIME = Duration.ofMinutes(1);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SEEDS = 30;
    private static final int STEPS = 400;
    private static final List<String> DATABASES = List.of("a", "b");

    private final AtomicLong now = new AtomicLong(1);
    private MemoryStore.Shared store;
    private Random random;

    private Replica at(String prefix) {
        return new Replica("memory://host/" + prefix, new MemoryStore(store, prefix), JSON);
    }

    private Replica root() {
        return new Replica("memory://host", new MemoryStore(store, ""), JSON);
    }

    /** Whoever wants the databases. */
    private interface Contender {
        /** Does something at random. */
        void act() throws Failure;

        /** Whether it would write to this database now, if it looked at its clock. */
        boolean owns(String database);

        /** What it says of who writes what. */
        WriteClaims claims(String database);
    }

    private final class Service implements Contender {
        private final String id;
        private final Map<String, Ownership> databases = new HashMap<>();
        /** What it said it would upload, and did not say is done. */
        private final Map<String, WriteClaims.Upload> uploading = new HashMap<>();

        private Lease lease;

        Service(String id) {
            this.id = id;
            start();
        }

        /** Under the lock of the host, so the one before is dead. */
        private void start() {
            Holder self = new Holder("host-" + id, "service " + id);
            ServiceWatches others = new ServiceWatches(now::get);
            lease = Lease.ofService(root(), id, self, TIME, now::get).orElseThrow();
            uploading.clear();
            for (String name : DATABASES) {
                ServiceReference place = new ServiceReference(id, "-", 1, TIME.toMillis());
                databases.put(name, new Ownership(at(name + "/"), lease, place, self, others, now::get));
            }
        }

        @Override
        public void act() throws Failure {
            String name = DATABASES.get(random.nextInt(DATABASES.size()));
            Ownership database = databases.get(name);
            switch (random.nextInt(16)) {
                case 0 -> start();
                case 1 -> {
                    uploading.clear();
                    lease.release();
                }
                case 2 -> {
                    uploading.remove(name);
                    database.release();
                }
                case 3, 4, 5 -> upload(name, database);
                case 6 -> {
                    // Recorded, so its engine is done, whatever becomes of the answer.
                    uploading.remove(name);
                    database.say(Optional.empty());
                }
                case 7, 8, 9 -> {
                    // The next run begins when the engine of the one before has ended, and what it did is recorded.
                    if (!uploading.containsKey(name)) {
                        database.take();
                    }
                }
                default -> beat();
            }
        }

        private void upload(String name, Ownership database) throws Failure {
            int head = random.nextInt(100);
            WriteClaims.Upload upload =
                    WriteClaims.Upload.from(Optional.of(String.format(Locale.ROOT, "%016x", head)), Optional.empty());
            // The engine before has ended, whatever becomes of the answer.
            uploading.remove(name);
            if (!database.left().isZero() && database.say(Optional.of(upload))) {
                uploading.put(name, upload);
            }
        }

        private void beat() throws Failure {
            if (lease.left().isZero()) {
                lease.take();
            } else {
                lease.renew(Optional.empty());
            }
        }

        @Override
        public boolean owns(String database) {
            return !databases.get(database).left().isZero();
        }

        @Override
        public WriteClaims claims(String database) {
            return databases.get(database).claims();
        }
    }

    /** A command, or a service that has one of the databases by itself. */
    private final class Command implements Contender {
        private final Lease lease;
        private final String database;

        Command(String id, String database) {
            this.database = database;
            lease = Lease.of(at(database + "/"), new Holder(id, "command " + id), TIME, now::get)
                    .orElseThrow();
        }

        @Override
        public void act() throws Failure {
            switch (random.nextInt(4)) {
                case 0 -> lease.release();
                case 1 -> lease.take();
                default -> {
                    if (!lease.left().isZero()) {
                        lease.renew(Optional.empty());
                    }
                }
            }
        }

        @Override
        public boolean owns(String name) {
            return name.equals(database) && !lease.left().isZero();
        }

        @Override
        public WriteClaims claims(String name) {
            return lease.claims();
        }
    }

    private List<Contender> contenders(int seed) {
        now.set(1);
        random = new Random(seed);
        store = new MemoryStore.Shared(random);
        List<Contender> all = new ArrayList<>();
        for (String id : List.of("aaaaaaaa", "bbbbbbbb", "cccccccc")) {
            all.add(new Service(id));
        }
        all.add(new Command("d", "a"));
        all.add(new Command("e", "b"));
        return all;
    }

    @Test
    void no_database_ever_has_two_owners_and_each_is_had_by_somebody_now_and_then() {
        long looks = 0;
        long owned = 0;
        long takenOver = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            List<Contender> all = contenders(seed);
            Map<Contender, Integer> frozen = new HashMap<>();
            for (int step = 0; step < STEPS; step++) {
                step(all, frozen);
                for (String database : DATABASES) {
                    List<Contender> owners =
                            all.stream().filter(one -> one.owns(database)).toList();
                    assertThat(owners)
                            .as("owners of %s, seed %d, step %d", database, seed, step)
                            .hasSizeLessThanOrEqualTo(1);
                    looks++;
                    owned += owners.size();
                    for (Contender owner : owners) {
                        takenOver += contested(all, owner, database, seed, step);
                    }
                }
            }
        }
        assertThat(looks).isGreaterThan(20_000);
        assertThat(owned).as("somebody has it in %d looks", looks).isGreaterThan(looks / 10);
        assertThat(takenOver).isPositive();
    }

    private void step(List<Contender> all, Map<Contender, Integer> frozen) {
        Contender one = all.get(random.nextInt(all.size()));
        now.addAndGet(Duration.ofSeconds(random.nextInt(12)).toNanos());
        store.deliverSome();
        if (random.nextInt(200) == 0) {
            // A lifecycle rule, or somebody's hand.
            store.delete("litestow/services/aaaaaaaa.json");
        }
        frozen.replaceAll((any, steps) -> steps - 1);
        frozen.values().removeIf(steps -> steps <= 0);
        if (random.nextInt(20) == 0) {
            frozen.put(one, random.nextInt(60));
        }
        if (!frozen.containsKey(one)) {
            try {
                one.act();
            } catch (Failure e) {
                // An answer that never came, which is the point.
                assertThat(e.getMessage()).isEqualTo("no answer");
            }
        }
    }

    /** What one that was relieved may still be writing, whoever came after knows. */
    private static int contested(List<Contender> all, Contender owner, String database, int seed, int step) {
        int found = 0;
        for (Contender other : all) {
            if (other != owner && other instanceof Service silent && silent.uploading.containsKey(database)) {
                assertThat(owner.claims(database).tookOver())
                        .as("the late writes of %s to %s, seed %d, step %d", silent.id, database, seed, step)
                        .hasValueSatisfying(took -> assertThat(took.upTo()
                                        .compareTo(
                                                silent.uploading.get(database).upTo()))
                                .isNotNegative());
                found++;
            }
        }
        return found;
    }

    @Test
    void whatever_happened_before_each_database_is_taken_within_two_lives() throws Failure {
        for (int seed = 0; seed < SEEDS; seed++) {
            List<Contender> all = contenders(seed);
            Map<Contender, Integer> frozen = new HashMap<>();
            for (int step = 0; step < 100; step++) {
                step(all, frozen);
            }
            store.recover();
            Service last = new Service("dddddddd");
            for (int second = 0; second <= 2 * TIME.toSeconds(); second += 5) {
                now.addAndGet(Duration.ofSeconds(5).toNanos());
                last.beat();
                for (Ownership database : last.databases.values()) {
                    database.take();
                }
            }
            assertThat(DATABASES).as("seed %d", seed).allMatch(last::owns);
        }
    }

    @Test
    void one_that_was_frozen_for_too_long_finds_its_life_over_and_begins_another() throws Failure {
        contenders(0);
        store.recover();
        Service frozen = new Service("aaaaaaaa");
        Service heir = new Service("bbbbbbbb");
        frozen.beat();
        assertThat(frozen.databases.get("a").take().state()).isEqualTo(State.HELD);
        heir.beat();
        assertThat(heir.databases.get("a").take().state()).isEqualTo(State.WAIT);
        now.addAndGet(TIME.toNanos());
        heir.beat();
        assertThat(heir.databases.get("a").take().state()).isEqualTo(State.HELD);
        assertThat(heir.databases.get("a").relieved()).contains("service aaaaaaaa");

        Optional<String> before = frozen.lease.epoch();
        assertThat(frozen.owns("a")).isFalse();
        assertThat(frozen.lease.renew(Optional.empty())).as("ended by the heir").isFalse();
        assertThat(frozen.lease.take().state()).isEqualTo(State.HELD);
        assertThat(frozen.lease.epoch()).isNotEqualTo(before);
        assertThat(frozen.owns("a")).isFalse();
        assertThat(frozen.databases.get("a").take().state()).isNotEqualTo(State.HELD);
    }

    @Test
    void one_that_was_merely_slow_wins_by_renewing() throws Failure {
        contenders(0);
        store.recover();
        Service slow = new Service("aaaaaaaa");
        Service other = new Service("bbbbbbbb");
        slow.beat();
        slow.databases.get("a").take();
        other.beat();
        other.databases.get("a").take();
        now.addAndGet(TIME.toNanos());
        assertThat(slow.lease.renew(Optional.empty())).isTrue();
        other.beat();
        assertThat(other.databases.get("a").take().state()).isNotEqualTo(State.HELD);
        assertThat(slow.owns("a")).isTrue();
    }

    @Test
    void a_service_killed_and_started_again_on_its_volume_has_all_at_once() throws Failure {
        contenders(0);
        store.recover();
        Service service = new Service("aaaaaaaa");
        service.beat();
        service.databases.get("a").take();
        service.start();
        service.beat();
        assertThat(service.databases.get("a").take().state()).isEqualTo(State.HELD);
        assertThat(service.databases.get("a").relieved()).isEmpty();
    }

    @Test
    void what_a_service_gave_back_is_free_at_once_and_nothing_of_it_is_contested() throws Failure {
        contenders(0);
        store.recover();
        Service first = new Service("aaaaaaaa");
        Service next = new Service("bbbbbbbb");
        first.beat();
        first.databases.get("a").take();
        first.lease.release();
        next.beat();
        assertThat(next.databases.get("a").take().state()).isEqualTo(State.HELD);
        assertThat(next.claims("a")).isEqualTo(WriteClaims.NONE);
        assertThat(next.databases.get("a").relieved()).isEmpty();
    }
}
