package io.github.litestow.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.github.litestow.control.Cancellation;
import io.github.litestow.control.Deadline;
import io.github.litestow.control.Held;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EngineSlotsTest {
    private static final Duration LONG = Duration.ofSeconds(50);

    private final EngineSlots turns = new EngineSlots(1);
    private final List<String> order = new CopyOnWriteArrayList<>();

    @Test
    void never_more_than_allowed_work_at_once_and_everybody_gets_a_turn() {
        EngineSlots two = new EngineSlots(2);
        AtomicInteger working = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CompletableFuture<?>[] all = IntStream.range(0, 16)
                .mapToObj(i -> inBackground(() -> {
                    try (Held turn = two.take("replicate", in(LONG), new Cancellation())) {
                        most.accumulateAndGet(working.incrementAndGet(), Math::max);
                        Thread.onSpinWait();
                        working.decrementAndGet();
                    }
                }))
                .toArray(CompletableFuture<?>[]::new);
        CompletableFuture.allOf(all).join();
        assertThat(most.get()).isBetween(1, 2);
    }

    @Test
    void first_come_first_served() throws Failure {
        CompletableFuture<Void> first;
        CompletableFuture<Void> second;
        try (Held turn = turns.take("replicate", in(LONG), new Cancellation())) {
            first = waiting("first", new Cancellation());
            second = waiting("second", new Cancellation());
        }
        CompletableFuture.allOf(first, second).join();
        assertThat(order).containsExactly("first", "second");
    }

    @Test
    void waiting_ends_with_the_deadline_and_says_for_whom_it_waited() throws Failure {
        try (Held turn = turns.take("replicate", in(LONG), new Cancellation())) {
            Failure late =
                    failureOf(inBackground(() -> turns.take("restore", in(Duration.ofMillis(50)), new Cancellation())
                            .close()));
            assertThat(late.kind()).isEqualTo(FailureKind.TIMEOUT);
            assertThat(late).hasMessageContaining("litestream restore was not started", "its deadline of 50 ms");
            assertThat(late.hint()).contains("LITESTOW_CONCURRENCY");
        }
        turns.take("replicate", in(Duration.ofMillis(50)), new Cancellation()).close();
    }

    @Test
    void whoever_is_cancelled_while_waiting_leaves_at_once_and_costs_nobody_a_turn() throws Failure {
        Cancellation cancellation = new Cancellation();
        CompletableFuture<Void> patient;
        try (Held turn = turns.take("replicate", in(LONG), new Cancellation())) {
            CompletableFuture<Void> cancelled = waiting("cancelled", cancellation);
            patient = waiting("patient", new Cancellation());
            cancellation.cancel();
            assertThat(failureOf(cancelled)).hasMessageContaining("was stopped before it was done");
        }
        patient.join();
        assertThat(order).containsExactly("patient");
    }

    /** Returns when it is known to wait. */
    private CompletableFuture<Void> waiting(String name, Cancellation cancellation) {
        CountDownLatch begun = new CountDownLatch(1);
        Thread[] thread = new Thread[1];
        CompletableFuture<Void> all = inBackground(() -> {
            thread[0] = Thread.currentThread();
            begun.countDown();
            try (Held turn = turns.take("replicate", in(LONG), cancellation)) {
                order.add(name);
            }
        });
        await().until(() -> begun.getCount() == 0 && thread[0].getState() == Thread.State.TIMED_WAITING);
        return all;
    }

    private static CompletableFuture<Void> inBackground(Work work) {
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        work.run();
                    } catch (Failure e) {
                        throw new CompletionException(e);
                    }
                },
                task -> new Thread(task).start());
    }

    private static Failure failureOf(CompletableFuture<?> work) {
        return (Failure)
                catchThrowableOfType(CompletionException.class, work::join).getCause();
    }

    private static Deadline in(Duration duration) {
        return new Deadline(System::nanoTime, duration);
    }

    private interface Work {
        void run() throws Failure;
    }
}
