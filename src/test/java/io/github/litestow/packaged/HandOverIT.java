package io.github.litestow.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One service after another on one replica; the same with more rounds: {@code bench/handover}. */
class HandOverIT {
    private static final Duration LEASE = Duration.ofSeconds(6);

    @Test
    void whoever_takes_over_brings_back_every_row_and_never_two_have_the_lease() throws Exception {
        try (HandOver services = new HandOver(LEASE, 1)) {
            services.begin();
            // The second one is followed by two that start together, as the first services did.
            for (HandOver.End end : List.of(HandOver.End.TERM, HandOver.End.KILL, HandOver.End.KILL)) {
                HandOverRound round = services.round(end);
                System.out.println("timing: " + round);
                assertThat(round.acknowledged()).isPositive();
                assertThat(round.lost()).as("lost rows").isZero();
            }
            assertThat(services.broken()).isEmpty();
            System.out.println("hand-over: " + services.summary());
        }
    }

    /** One that waits on the same host, and then the same one on its volume: starts are what this test costs. */
    @Test
    void whoever_follows_a_service_that_was_killed_on_its_host_does_not_wait_for_its_lease() throws Exception {
        try (HandOver services = new HandOver(Duration.ofHours(1), 1)) {
            services.begin();
            HandOverRound round = services.round(HandOver.End.KILL);
            assertThat(round.lost()).as("lost rows").isZero();
            services.killAndStartAgain();
            assertThat(services.broken()).isEmpty();
        }
    }
}
