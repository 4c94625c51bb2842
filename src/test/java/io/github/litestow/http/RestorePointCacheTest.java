package io.github.litestow.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.host.SettableClock;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Operation;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.outcome.RunRecord;
import io.github.litestow.run.restore.RestorePointList;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class RestorePointCacheTest {
    private final SettableClock clock = new SettableClock(Instant.parse("2026-11-21T12:00:00Z"));
    private final RestorePointCache cache = new RestorePointCache(clock);
    /** Listings that were begun and work as long as the test likes. */
    private final List<Runnable> begun = new ArrayList<>();

    private int listed;

    @Test
    void nobody_who_asks_waits_on_a_thread_and_one_listing_answers_all() {
        List<CompletableFuture<RestorePointList>> asked = new ArrayList<>();
        for (int i = 0; i < 700; i++) {
            asked.add(ask());
        }
        assertThat(begun).hasSize(1);
        assertThat(asked).noneMatch(CompletableFuture::isDone);

        begun.get(0).run();

        assertThat(asked)
                .allSatisfy(answer -> assertThat(answer).isCompletedWithValueMatching(points -> number(points) == 1));
    }

    @Test
    void the_replica_is_listed_anew_after_ten_seconds_and_not_before() {
        answered();
        clock.set(Duration.ofSeconds(9));
        assertThat(number(ask().join())).isEqualTo(1);

        clock.set(Duration.ofSeconds(1));
        assertThat(ask()).isNotDone();
        assertThat(begun).hasSize(2);
    }

    @Test
    void a_clock_that_was_set_back_keeps_no_listing() {
        answered();
        clock.set(Duration.ofDays(-365));
        assertThat(ask()).isNotDone();
    }

    @Test
    void who_asks_after_a_run_is_not_answered_by_a_listing_that_began_before_its_end() {
        CompletableFuture<RestorePointList> before = ask();
        ended();
        CompletableFuture<RestorePointList> after = ask();
        assertThat(begun).hasSize(1);

        begun.get(0).run();
        assertThat(before).isDone();
        assertThat(after).isNotDone();
        assertThat(begun).hasSize(2);

        begun.get(1).run();
        assertThat(number(after.join())).isEqualTo(2);
    }

    @Test
    void a_run_makes_the_last_listing_old() {
        answered();
        ended();
        assertThat(ask()).isNotDone();
    }

    @Test
    void a_failure_is_an_answer_too_for_as_long() {
        Failure failure = new Failure(FailureKind.REPLICA_UNREACHABLE, "no answer", "hint");
        CompletableFuture<RestorePointList> first = cache.of("default", begun::add, () -> {
            throw failure;
        });
        begun.get(0).run();

        assertThat(first).failsWithin(Duration.ZERO).withThrowableThat().withCause(failure);
        assertThat(ask()).isCompletedExceptionally();
        assertThat(begun).hasSize(1);
    }

    private void answered() {
        CompletableFuture<RestorePointList> asked = ask();
        begun.get(0).run();
        assertThat(asked).isDone();
    }

    private void ended() {
        cache.ended(new RunRecord(
                "1",
                "default",
                Operation.SNAPSHOT,
                "cron",
                clock.instant(),
                clock.instant(),
                new Outcome.NothingToSnapshot(),
                List.of()));
    }

    private CompletableFuture<RestorePointList> ask() {
        return cache.of(
                "default",
                begun::add,
                () -> new RestorePointList("default", List.of(), List.of(String.valueOf(++listed))));
    }

    private static int number(RestorePointList points) {
        return Integer.parseInt(points.notes().get(0));
    }
}
