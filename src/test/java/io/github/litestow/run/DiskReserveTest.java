package io.github.litestow.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.litestow.control.Cancellation;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What fills a disk is stopped while an application beside it can still write. */
class DiskReserveTest {
    private static final Path FOLDER = Path.of("/data");
    private static final long MEGABYTE = 1L << 20;

    private final AtomicLong free = new AtomicLong(100 * MEGABYTE);
    private final Cancellation outer = new Cancellation();

    private void fill(DiskReserve.Filling filling) throws Failure {
        DiskReserve.beside(free::get, FOLDER, 40 * MEGABYTE, outer, filling);
    }

    /** Writes until it is stopped. */
    private static void untilStopped(Cancellation cancellation) throws Failure {
        CountDownLatch stopped = new CountDownLatch(1);
        cancellation.onCancel(stopped::countDown);
        try {
            assertThat(stopped.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        throw new Failure(FailureKind.BUSY, "stopped", "");
    }

    @Test
    void it_is_stopped_when_others_take_the_room_and_says_how_much_there_is() {
        assertThatThrownBy(() -> fill(cancellation -> {
                    free.set(MEGABYTE);
                    untilStopped(cancellation);
                }))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.kind()).isEqualTo(FailureKind.DISK))
                .hasMessageContaining(MEGABYTE + " bytes free at /data")
                .hasMessageContaining(2 * MEGABYTE + " are left to others");
        assertThat(outer.cancelled()).isFalse();
    }

    @Test
    void it_goes_on_while_there_is_room() throws Failure {
        fill(cancellation -> assertThat(cancellation.cancelled()).isFalse());
    }

    @Test
    void a_run_that_is_stopped_says_so_and_nothing_of_the_disk() {
        assertThatThrownBy(() -> fill(cancellation -> {
                    outer.cancel();
                    untilStopped(cancellation);
                }))
                .hasMessage("stopped");
    }
}
