package io.github.litestow.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.litestow.lease.ConditionalWriteCheck;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.ReplicaFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link ReplicaStore} with a client of ours promises. */
public abstract class ReplicaStoreContractTest {
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final int RACERS = 8;
    private static final String KEY = "litestow/thing.json";

    private String path;
    private ReplicaStore store;

    /** Returns the store at a path of the place. */
    protected abstract ReplicaStore at(String path);

    /** Writes a file as the engine would, at a path and key below the root of the place. */
    protected abstract void engineWrites(String path, String key, byte[] body);

    @BeforeEach
    final void choosePath() {
        path = "backups/db-" + NUMBER.incrementAndGet();
        store = at(path);
    }

    @Test
    final void an_object_that_is_not_there_reads_as_empty() throws Failure {
        assertThat(store.read(KEY)).isEmpty();
    }

    @Test
    final void what_was_created_is_read_back() throws Failure {
        assertThat(store.create(KEY, bytes("one"))).isTrue();
        assertThat(store.read(KEY))
                .hasValueSatisfying(object -> assertThat(object.body()).isEqualTo(bytes("one")));
    }

    @Test
    final void creating_what_exists_changes_nothing() throws Failure {
        store.create(KEY, bytes("one"));
        assertThat(store.create(KEY, bytes("two"))).isFalse();
        assertThat(text(KEY)).isEqualTo("one");
    }

    private static final ReplicaFile FILE =
            new ReplicaFile(0, "0000000000000007", "0000000000000007", 3_000_000, Instant.EPOCH);

    private boolean put(byte first, WriteGuard between) throws Exception {
        byte[] bytes = new byte[(int) FILE.bytes()];
        bytes[0] = first;
        Path body = Files.createTempFile("body", null);
        try {
            Files.write(body, bytes);
            return store.create(FILE, body, Duration.ofMinutes(1), between);
        } finally {
            Files.delete(body);
        }
    }

    @Test
    final void a_file_of_the_engines_is_put_where_none_is_and_listed() throws Exception {
        assertThat(put((byte) 1, () -> {})).isTrue();
        assertThat(store.ltxFiles()).singleElement().satisfies(file -> {
            assertThat(file.key()).isEqualTo(FILE.key());
            assertThat(file.bytes()).isEqualTo(FILE.bytes());
        });
        assertThat(store.readRange(FILE, 0, 1))
                .hasValueSatisfying(read -> assertThat(read[0]).isEqualTo((byte) 1));
    }

    @Test
    final void a_file_of_the_engines_is_never_written_over() throws Exception {
        put((byte) 1, () -> {});
        assertThat(put((byte) 2, () -> {})).isFalse();
        assertThat(store.readRange(FILE, 0, 1))
                .hasValueSatisfying(read -> assertThat(read[0]).isEqualTo((byte) 1));
    }

    @Test
    final void of_those_that_put_the_same_file_one_wins() throws Exception {
        List<Boolean> won = race(number -> () -> put((byte) number, () -> {}));
        assertThat(won).containsOnlyOnce(true);
    }

    @Test
    final void nothing_comes_of_a_file_that_may_not_be_written_to_its_end() {
        AtomicInteger asked = new AtomicInteger();
        Failure lost = new Failure(FailureKind.BUSY, "lost", "wait");
        assertThatThrownBy(() -> put((byte) 1, () -> {
                    if (asked.incrementAndGet() == 3) {
                        throw lost;
                    }
                }))
                .isSameAs(lost);
        assertThatCode(() -> assertThat(store.ltxFiles()).isEmpty()).doesNotThrowAnyException();
    }

    @Test
    final void replacing_the_version_that_was_read_succeeds() throws Failure {
        store.create(KEY, bytes("one"));
        String version = store.read(KEY).orElseThrow().version();
        assertThat(store.replace(KEY, bytes("two"), version)).isTrue();
        assertThat(text(KEY)).isEqualTo("two");
    }

    @Test
    final void replacing_a_stale_version_fails_and_changes_nothing() throws Failure {
        store.create(KEY, bytes("one"));
        String stale = store.read(KEY).orElseThrow().version();
        store.replace(KEY, bytes("two"), stale);
        assertThat(store.replace(KEY, bytes("three"), stale)).isFalse();
        assertThat(text(KEY)).isEqualTo("two");
    }

    @Test
    final void replacing_what_is_not_there_fails() throws Failure {
        store.create(KEY, bytes("one"));
        String version = store.read(KEY).orElseThrow().version();
        assertThat(store.replace("litestow/other.json", bytes("two"), version)).isFalse();
        assertThat(store.read("litestow/other.json")).isEmpty();
    }

    @Test
    final void of_eight_that_create_at_once_one_wins() throws Exception {
        List<Boolean> won = race(number -> () -> store.create(KEY, bytes("racer " + number)));
        assertThat(won).containsOnlyOnce(true);
        assertThat(text(KEY)).isEqualTo("racer " + won.indexOf(true));
    }

    /** Not for every store: some let two writers replace the same version. */
    protected final void ofEightThatReplaceAtOnceOneMustWin() throws Exception {
        store.create(KEY, bytes("one"));
        String version = store.read(KEY).orElseThrow().version();
        List<Boolean> won = race(number -> () -> store.replace(KEY, bytes("racer " + number), version));
        assertThat(won).containsOnlyOnce(true);
        assertThat(text(KEY)).isEqualTo("racer " + won.indexOf(true));
        assertThat(ConditionalWriteCheck.passes(store)).isTrue();
    }

    @Test
    final void an_empty_place_lists_as_empty() throws Failure {
        assertThat(store.ltxFiles()).isEmpty();
    }

    @Test
    final void the_engines_files_are_listed_with_their_sizes_and_times() throws Failure {
        Instant before = Instant.now();
        engineWrites(path, "ltx/0/0000000000000001-0000000000000002.ltx", new byte[5]);
        engineWrites(path, "ltx/9/0000000000000001-00000000000000ff.ltx", new byte[7]);
        assertThat(store.ltxFiles())
                .extracting(file -> file.level() + " " + file.maxTxid() + " " + file.bytes())
                .containsExactlyInAnyOrder("0 0000000000000002 5", "9 00000000000000ff 7");
        // Object stores keep whole seconds.
        assertThat(store.ltxFiles())
                .allSatisfy(file ->
                        assertThat(file.time()).isBetween(before.minusSeconds(2), before.plus(Duration.ofMinutes(1))));
    }

    @Test
    final void what_is_no_file_of_the_engine_is_not_listed() throws Failure {
        engineWrites(path, "ltx/0/0000000000000001-0000000000000001.ltx.tmp", new byte[1]);
        engineWrites(path, "ltx/0/notes.txt", new byte[1]);
        store.create(KEY, bytes("one"));
        assertThat(store.ltxFiles()).isEmpty();
    }

    @Test
    final void a_path_is_not_mixed_up_with_one_that_begins_alike() throws Failure {
        engineWrites(path + "-old", "ltx/0/0000000000000001-0000000000000001.ltx", new byte[1]);
        assertThat(store.ltxFiles()).isEmpty();
        assertThat(at(path + "-old").ltxFiles()).hasSize(1);
    }

    @Test
    final void a_slash_at_the_end_of_the_path_makes_no_difference() throws Failure {
        engineWrites(path, "ltx/0/0000000000000001-0000000000000001.ltx", new byte[1]);
        store.create(KEY, bytes("one"));
        ReplicaStore withSlash = at(path + "/");
        assertThat(withSlash.ltxFiles()).isEqualTo(store.ltxFiles()).hasSize(1);
        assertThat(withSlash.read(KEY)).isPresent();
    }

    @Test
    final void paths_and_keys_with_odd_characters_are_taken_literally() throws Failure {
        String odd = path + "/a b+c%20d=é&x";
        ReplicaStore there = at(odd);
        engineWrites(odd, "ltx/0/0000000000000001-0000000000000001.ltx", new byte[3]);
        assertThat(there.ltxFiles()).hasSize(1);
        assertThat(there.readRange(there.ltxFiles().get(0), 0, 3)).isPresent();
        for (String key :
                List.of("litestow/with blank +%2F.json", "litestow/ümläut=&.json", "litestow/'quoted'!.json")) {
            assertThat(there.create(key, bytes(key))).isTrue();
            assertThat(there.create(key, bytes("again"))).isFalse();
            assertThat(there.read(key))
                    .hasValueSatisfying(object -> assertThat(object.body()).isEqualTo(bytes(key)));
        }
    }

    @Test
    final void a_part_of_a_file_is_read() throws Failure {
        byte[] body = new byte[1_000];
        for (int i = 0; i < body.length; i++) {
            body[i] = (byte) i;
        }
        engineWrites(path, "ltx/0/0000000000000001-0000000000000001.ltx", body);
        ReplicaFile file = store.ltxFiles().get(0);
        assertThat(store.readRange(file, 984, 16)).contains(Arrays.copyOfRange(body, 984, 1_000));
        assertThat(store.readRange(file, 0, 10)).contains(Arrays.copyOf(body, 10));
        assertThat(store.readRange(file, 990, 100)).contains(Arrays.copyOfRange(body, 990, 1_000));
        assertThat(store.readRange(file, 1_000, 10)).contains(new byte[0]);
    }

    @Test
    final void a_part_of_a_file_that_is_gone_is_empty() throws Failure {
        ReplicaFile gone = ReplicaFile.of("ltx/0/0000000000000001-0000000000000001.ltx", 10, Instant.EPOCH)
                .orElseThrow();
        assertThat(store.readRange(gone, 0, 10)).isEmpty();
    }

    @Test
    final void a_deleted_file_is_gone_and_may_be_deleted_again() throws Failure {
        engineWrites(path, "ltx/0/0000000000000001-0000000000000001.ltx", new byte[3]);
        ReplicaFile file = store.ltxFiles().get(0);
        store.delete(file);
        assertThat(store.ltxFiles()).isEmpty();
        store.delete(file);
    }

    @Test
    final void a_probe_leaves_the_place_usable_and_empty() throws Failure {
        store.probe();
        store.probeReading();
        store.probe();
        assertThat(store.ltxFiles()).isEmpty();
    }

    private String text(String key) throws Failure {
        return new String(store.read(key).orElseThrow().body(), StandardCharsets.UTF_8);
    }

    protected static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static List<Boolean> race(IntFunction<Callable<Boolean>> racer)
            throws InterruptedException, ExecutionException, TimeoutException {
        CyclicBarrier start = new CyclicBarrier(RACERS);
        ExecutorService threads = Executors.newFixedThreadPool(RACERS);
        try {
            List<Future<Boolean>> running = new ArrayList<>();
            for (int number = 0; number < RACERS; number++) {
                Callable<Boolean> write = racer.apply(number);
                running.add(threads.submit(() -> {
                    start.await();
                    return write.call();
                }));
            }
            List<Boolean> won = new ArrayList<>();
            for (Future<Boolean> one : running) {
                won.add(one.get(30, TimeUnit.SECONDS));
            }
            return won;
        } finally {
            threads.shutdownNow();
        }
    }
}
