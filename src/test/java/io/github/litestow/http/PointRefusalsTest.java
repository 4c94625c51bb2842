package io.github.litestow.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PointRefusalsTest {

    @ParameterizedTest
    @EnumSource(
            value = FailureKind.class,
            names = {"REFUSED", "SETTINGS"})
    void a_point_that_is_not_there_is_refused_whatever_a_command_would_call_it(FailureKind kind) {
        assertThatThrownBy(() -> PointRefusals.answered(() -> {
                    throw new Failure(kind, "2099-01-01T00:00:00Z is in the future", "Leave it out.");
                }))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> assertThat(refused.problem().kind()).contains(FailureKind.REFUSED));
    }
}
