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
            for (HandOver.End end :
                    List.of(HandOver.End.TERM, HandOver.End.KILL, HandOver.End.KILL, HandOver.End.TERM)) {
                HandOverRound round = services.round(end);
                System.out.println("timing: " + round);
                assertThat(round.acknowledged()).isPositive();
                assertThat(round.lost()).as("lost rows").isZero();
            }
            assertThat(services.broken()).isEmpty();
            System.out.println("hand-over: " + services.summary());
        }
    }

    @Test
    void a_service_that_was_killed_and_is_started_again_on_its_volume_does_not_wait_for_its_own_lease()
            throws Exception {
        try (HandOver services = new HandOver(Duration.ofHours(1), 1)) {
            services.begin();
            services.killAndStartAgain();
            assertThat(services.broken()).isEmpty();
        }
    }

    @Test
    void a_service_that_waits_takes_over_at_once_from_one_that_was_killed_on_its_host() throws Exception {
        try (HandOver services = new HandOver(Duration.ofHours(1), 1)) {
            services.begin();
            HandOverRound round = services.round(HandOver.End.KILL);
            assertThat(round.lost()).as("lost rows").isZero();
            assertThat(services.broken()).isEmpty();
        }
    }
}
