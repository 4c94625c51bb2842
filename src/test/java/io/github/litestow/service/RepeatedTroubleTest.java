package io.github.litestow.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RepeatedTroubleTest {
    private final Failure wrongKeys =
            new Failure(FailureKind.ACCESS_DENIED, "cannot list: request 4711", "Check the keys.");
    private final Failure wrongKeysAgain =
            new Failure(FailureKind.ACCESS_DENIED, "cannot list: request 4712", "Check the keys.");
    private final Failure away = new Failure(FailureKind.REPLICA_UNREACHABLE, "no answer", "Check the network.");

    private final RepeatedTrouble trouble = new RepeatedTrouble(Duration.ofSeconds(1), Duration.ofSeconds(5));

    @Test
    void it_is_worth_a_line_when_it_begins_and_when_it_becomes_another() {
        assertThat(trouble.changed(wrongKeys)).isTrue();
        assertThat(trouble.changed(wrongKeysAgain)).isFalse();
        assertThat(trouble.changed(away)).isTrue();
        assertThat(trouble.changed(wrongKeys)).isTrue();
        trouble.over();
        assertThat(trouble.changed(wrongKeys)).isTrue();
    }

    @Test
    void the_looks_get_rarer_until_it_is_over() {
        assertThat(trouble.pause())
                .as("no trouble, a lease that somebody holds")
                .isEqualTo(Duration.ofSeconds(1));
        assertThat(trouble.pause()).isEqualTo(Duration.ofSeconds(1));
        trouble.changed(away);
        assertThat(trouble.pause()).isEqualTo(Duration.ofSeconds(1));
        assertThat(trouble.pause()).isEqualTo(Duration.ofSeconds(2));
        assertThat(trouble.pause()).isEqualTo(Duration.ofSeconds(4));
        assertThat(trouble.pause()).isEqualTo(Duration.ofSeconds(5));
        trouble.over();
        assertThat(trouble.pause()).isEqualTo(Duration.ofSeconds(1));
    }
}
