package io.github.litestow.notify;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.config.NotifyEvent;
import io.github.litestow.config.NotifyEvents;
import io.github.litestow.config.NotifySettings;
import io.github.litestow.outcome.FailureKind;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TidingsTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    private static final Duration DAY = Duration.ofDays(1);

    private final Tidings tidings = new Tidings(
            new NotifySettings(
                    List.of(),
                    new NotifyEvents(EnumSet.of(NotifyEvent.FAILURE, NotifyEvent.STALE, NotifyEvent.RECOVERY)),
                    Optional.of(DAY),
                    Optional.empty()),
            Set.of("a", "b"));

    private static Condition failure(FailureKind kind) {
        return new Condition(NotifyEvent.FAILURE, NOON.minusSeconds(9), Optional.of(kind), "cause", "hint");
    }

    private Told next(Told told, Instant now, Condition... conditions) {
        return tidings.next(told, List.of(conditions), Optional.empty(), now);
    }

    /** As when everybody has taken everything. */
    private static Told heard(Told told) {
        return new Told(
                told.entries().stream()
                        .filter(entry -> entry.event() != NotifyEvent.RECOVERY)
                        .map(entry -> entry.pending(Set.of()))
                        .toList(),
                told.replica());
    }

    private static Set<String> pending(Told told, NotifyEvent event) {
        return told.entry(event).map(Told.Entry::pending).orElse(Set.of());
    }

    @Test
    void a_change_of_state_is_told_once_to_everybody() {
        Told first = next(Told.NOTHING, NOON, failure(FailureKind.TIMEOUT));

        assertThat(pending(first, NotifyEvent.FAILURE)).containsExactlyInAnyOrder("a", "b");
        Told second = next(heard(first), NOON.plusSeconds(60), failure(FailureKind.TIMEOUT));
        assertThat(pending(second, NotifyEvent.FAILURE)).isEmpty();
        assertThat(second).isEqualTo(heard(first));
    }

    @Test
    void another_kind_of_failure_is_told_and_the_first_one_not_again() {
        Told both = next(
                heard(next(Told.NOTHING, NOON, failure(FailureKind.TIMEOUT))),
                NOON.plusSeconds(60),
                failure(FailureKind.PROOF_FAILED));

        assertThat(pending(both, NotifyEvent.FAILURE)).hasSize(2);
        assertThat(both.entry(NotifyEvent.FAILURE))
                .get()
                .extracting(Told.Entry::reminder)
                .isEqualTo(false);
        assertThat(pending(next(heard(both), NOON.plusSeconds(120), failure(FailureKind.TIMEOUT)), NotifyEvent.FAILURE))
                .isEmpty();
    }

    @Test
    void what_was_told_by_a_clock_that_was_ahead_silences_no_reminder() {
        Told told = heard(next(Told.NOTHING, NOON.plus(Duration.ofDays(365)), failure(FailureKind.TIMEOUT)));

        assertThat(pending(next(told, NOON, failure(FailureKind.TIMEOUT)), NotifyEvent.FAILURE))
                .hasSize(2);
    }

    @Test
    void what_stays_so_is_a_reminder_after_the_pause_and_not_before() {
        Told told = heard(next(Told.NOTHING, NOON, failure(FailureKind.TIMEOUT)));

        assertThat(pending(
                        next(told, NOON.plus(DAY).minusSeconds(1), failure(FailureKind.TIMEOUT)), NotifyEvent.FAILURE))
                .isEmpty();
        Told reminded = next(told, NOON.plus(DAY), failure(FailureKind.TIMEOUT));
        assertThat(reminded.entry(NotifyEvent.FAILURE))
                .get()
                .extracting(Told.Entry::reminder)
                .isEqualTo(true);
        assertThat(pending(reminded, NotifyEvent.FAILURE)).hasSize(2);
    }

    @Test
    void a_recovery_is_told_to_those_who_heard_of_the_trouble() {
        Told failing = next(Told.NOTHING, NOON, failure(FailureKind.TIMEOUT));
        Told onlyA = new Told(
                failing.entries().stream()
                        .map(entry -> entry.pending(Set.of("b")))
                        .toList(),
                Optional.empty());

        Told over = next(onlyA, NOON.plusSeconds(60));

        assertThat(over.entry(NotifyEvent.FAILURE)).isEmpty();
        assertThat(pending(over, NotifyEvent.RECOVERY)).containsExactly("a");
        assertThat(next(over, NOON.plusSeconds(120))).isEqualTo(over);
        assertThat(next(failing, NOON.plusSeconds(60)).entries())
                .as("nobody had heard")
                .isEmpty();
    }

    @Test
    void troubles_that_end_together_are_one_recovery() {
        Condition stale = new Condition(NotifyEvent.STALE, NOON, Optional.empty(), "old", "hint");
        Told told = heard(next(Told.NOTHING, NOON, failure(FailureKind.TIMEOUT), stale));

        Told over = next(told, NOON.plusSeconds(60));

        assertThat(over.entries()).singleElement().satisfies(entry -> {
            assertThat(entry.cause()).isEqualTo("failure and stale: it is over");
            assertThat(entry.since()).isEqualTo(NOON.minusSeconds(9));
        });
    }

    @Test
    void what_nobody_wants_to_hear_is_not_told() {
        Condition growth = new Condition(NotifyEvent.REPLICA_GROWTH, NOON, Optional.empty(), "large", "hint");

        assertThat(next(Told.NOTHING, NOON, growth).entries()).isEmpty();
    }

    @Test
    void a_receiver_that_is_no_longer_configured_is_not_waited_for() {
        Told told = new Told(
                next(Told.NOTHING, NOON, failure(FailureKind.TIMEOUT)).entries().stream()
                        .map(entry -> entry.pending(Set.of("gone")))
                        .toList(),
                Optional.empty());

        assertThat(pending(next(told, NOON.plusSeconds(1), failure(FailureKind.TIMEOUT)), NotifyEvent.FAILURE))
                .isEmpty();
    }
}
