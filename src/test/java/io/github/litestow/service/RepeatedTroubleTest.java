package io.github.litestow.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RepeatedTroubleTest {
    private static final Failure WRONG_KEYS =
            new Failure(FailureKind.ACCESS_DENIED, "cannot list: request 4711", "Check the keys.");
    private static final Failure WRONG_KEYS_AGAIN =
            new Failure(FailureKind.ACCESS_DENIED, "cannot list: request 4712", "Check the keys.");
    private static final Failure AWAY =
            new Failure(FailureKind.REPLICA_UNREACHABLE, "no answer", "Check the network.");

    private final RepeatedTrouble trouble = new RepeatedTrouble(Duration.ofSeconds(1), Duration.ofSeconds(5));

    @Test
    void it_is_worth_a_line_when_it_begins_and_when_it_becomes_another() {
        assertThat(trouble.changed(WRONG_KEYS)).isTrue();
        assertThat(trouble.changed(WRONG_KEYS_AGAIN)).isFalse();
        assertThat(trouble.changed(AWAY)).isTrue();
        assertThat(trouble.changed(WRONG_KEYS)).isTrue();
        trouble.over();
        assertThat(trouble.changed(WRONG_KEYS)).isTrue();
    }

    @Test
    void the_looks_get_rarer_until_it_is_over() {
        assertThat(trouble.pause()).as("no trouble, a lease that somebody holds").isEqualTo(Duration.ofSeconds(1));
        assertThat(trouble.pause()).isEqualTo(Duration.ofSeconds(1));
        trouble.changed(AWAY);
        assertThat(trouble.pause()).isEqualTo(Duration.ofSeconds(1));
        assertThat(trouble.pause()).isEqualTo(Duration.ofSeconds(2));
        assertThat(trouble.pause()).isEqualTo(Duration.ofSeconds(4));
        assertThat(trouble.pause()).isEqualTo(Duration.ofSeconds(5));
        trouble.over();
        assertThat(trouble.pause()).isEqualTo(Duration.ofSeconds(1));
    }
}
