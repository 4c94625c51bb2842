package io.github.litestow.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DaemonThreadsTest {
    private final DaemonThreads three = new DaemonThreads("work", 3);
    private final CountDownLatch hanging = new CountDownLatch(1);

    @AfterEach
    void nothingWorks() {
        hanging.countDown();
        three.close();
    }

    private void hang() {
        try {
            hanging.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void much_work_is_done_by_few_threads_that_are_named_after_it_and_keep_no_process_alive() {
        Set<String> names = ConcurrentHashMap.newKeySet();
        AtomicBoolean daemons = new AtomicBoolean(true);
        AtomicInteger done = new AtomicInteger();
        for (int i = 0; i < 100; i++) {
            three.execute(() -> {
                names.add(Thread.currentThread().getName());
                daemons.compareAndSet(true, Thread.currentThread().isDaemon());
                done.incrementAndGet();
            });
        }
        await().until(() -> done.get() == 100);
        assertThat(names).containsAnyOf("work 1", "work 2", "work 3").hasSizeLessThanOrEqualTo(3);
        assertThat(daemons).isTrue();
    }

    @Test
    void what_is_repeated_goes_on_after_an_exception_and_an_error_until_it_is_closed() {
        AtomicInteger times = new AtomicInteger();
        Held repeated = three.every(Duration.ofMillis(1), () -> {
            if (times.incrementAndGet() % 2 == 0) {
                throw new AssertionError("an error");
            }
            throw new IllegalStateException("an exception");
        });
        await().until(() -> times.get() > 5);

        repeated.close();

        AtomicInteger after = new AtomicInteger();
        await().until(() -> after.getAndSet(times.get()) == times.get());
    }

    @Test
    void closing_drops_what_waits_and_lets_what_works_end() {
        AtomicBoolean ended = new AtomicBoolean();
        AtomicBoolean begun = new AtomicBoolean();
        CountDownLatch working = new CountDownLatch(1);
        three.execute(() -> {
            working.countDown();
            hang();
            ended.set(!Thread.currentThread().isInterrupted());
        });
        await().until(() -> working.getCount() == 0);
        three.after(Duration.ofMillis(100), () -> begun.set(true));

        three.close();
        three.execute(() -> begun.set(true));
        hanging.countDown();

        await().untilTrue(ended);
        assertThat(begun).isFalse();
    }

    @Test
    void a_place_that_hangs_takes_no_thread_from_another() {
        CountDownLatch done = new CountDownLatch(1);
        try (ThreadLanes lanes = new ThreadLanes("lane", 1)) {
            lanes.at("here").execute(this::hang);
            lanes.at("here").execute(this::hang);
            lanes.at("there").execute(done::countDown);
            await().until(() -> done.getCount() == 0);
        }
    }

    @Test
    void a_call_that_hangs_is_given_up_after_its_time_and_interrupted() {
        CountDownLatch interrupted = new CountDownLatch(1);

        assertThatThrownBy(() -> DaemonThreads.within(Duration.ofMillis(50), "call", () -> {
                    hang();
                    interrupted.countDown();
                    return 1;
                }))
                .isInstanceOf(TimeoutException.class);

        await().until(() -> interrupted.getCount() == 0);
    }

    @Test
    void a_call_finds_the_thread_of_one_before_it_with_what_was_kept_there_and_not_its_interruption() throws Exception {
        ThreadLocal<Object> dear = ThreadLocal.withInitial(Object::new);
        Set<Object> made = ConcurrentHashMap.newKeySet();
        made.add(DaemonThreads.within(Duration.ofMinutes(1), "call", dear::get));

        await().until(() -> !made.add(DaemonThreads.within(Duration.ofMinutes(1), "another call", dear::get)));

        assertThat(DaemonThreads.within(
                        Duration.ofMinutes(1),
                        "call",
                        () -> Thread.currentThread().getName()))
                .isEqualTo("call");
        assertThatThrownBy(() -> DaemonThreads.within(Duration.ofMillis(50), "call", () -> {
                    hang();
                    return 1;
                }))
                .isInstanceOf(TimeoutException.class);
        for (int i = 0; i < 3; i++) {
            assertThat(DaemonThreads.within(
                            Duration.ofMinutes(1),
                            "call",
                            () -> Thread.currentThread().isInterrupted()))
                    .isFalse();
        }
    }

    @Test
    void a_call_in_time_returns_or_throws_what_it_does() throws Exception {
        assertThat(DaemonThreads.within(Duration.ofMinutes(1), "call", () -> 7)).isEqualTo(7);
        assertThatThrownBy(() -> DaemonThreads.within(Duration.ofMinutes(1), "call", () -> {
                    throw new IllegalStateException("no");
                }))
                .isInstanceOf(ExecutionException.class)
                .hasRootCauseMessage("no");
    }
}
