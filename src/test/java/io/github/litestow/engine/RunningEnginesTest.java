package io.github.litestow.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.litestow.outcome.Failure;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class RunningEnginesTest {
    private final RunningEngines running = new RunningEngines(System::nanoTime);

    @Test
    void a_stop_waits_for_an_engine_that_starts_meanwhile_and_cancels_it() throws Failure {
        AtomicBoolean cancelled = new AtomicBoolean();
        RunningEngines.Engine engine = new RunningEngines.Engine() {
            @Override
            public void cancel() {
                cancelled.set(true);
            }

            @Override
            public void kill() {
                throw new AssertionError("it ends in time");
            }
        };
        running.announce();
        CompletableFuture<Void> stop = CompletableFuture.runAsync(running::close);
        await().until(this::nothingMayStart);

        running.add(engine);

        assertThat(cancelled).isTrue();
        assertThat(stop).isNotDone();
        running.remove(engine);
        stop.join();
    }

    @Test
    void a_stop_does_not_wait_for_an_engine_that_could_not_be_started() throws Failure {
        running.announce();
        CompletableFuture<Void> stop = CompletableFuture.runAsync(running::close);
        await().until(this::nothingMayStart);
        running.withdraw();
        stop.join();
    }

    @Test
    void whoever_starts_none_any_more_is_told_what_to_do_as_a_command_and_as_a_service() {
        running.close();
        assertThatThrownBy(running::announce)
                .isInstanceOfSatisfying(
                        Failure.class,
                        stopped -> assertThat(stopped.hint())
                                .isEqualTo("Run the command again, or start the service again."));
    }

    private boolean nothingMayStart() {
        try {
            running.announce();
            running.withdraw();
            return false;
        } catch (Failure e) {
            return true;
        }
    }
}
