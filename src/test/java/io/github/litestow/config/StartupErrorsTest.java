package io.github.litestow.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.source.yaml.YamlConfigSource;
import java.util.List;
import java.util.NoSuchElementException;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

class StartupErrorsTest {

    @Test
    void our_own_failure_is_found_under_whatever_wraps_it() {
        Failure failure = new Failure(FailureKind.SETTINGS, "what", "do");

        assertThat(StartupErrors.explain(new RuntimeException(
                        "Failed to start", new IllegalStateException(new InvalidSettings(List.of(failure))))))
                .containsExactly(failure);
        assertThat(StartupErrors.explain(new RuntimeException(failure))).containsExactly(failure);
    }

    @Test
    void a_suppressed_failure_is_found_too() {
        Failure failure = new Failure(FailureKind.SETTINGS, "what", "do");
        RuntimeException thrown = new RuntimeException("stop failed as well");
        thrown.addSuppressed(new InvalidSettings(List.of(failure)));

        assertThat(StartupErrors.explain(thrown)).containsExactly(failure);
    }

    @Test
    void what_is_no_configuration_problem_is_left_alone() {
        assertThat(StartupErrors.explain(new IllegalStateException("boom"))).isEmpty();
        assertThat(StartupErrors.explain(new RuntimeException(new Failure(FailureKind.DISK, "full", "clean"))))
                .isEmpty();
    }

    @Test
    void a_problem_that_quarkus_found_becomes_one_line_without_its_code() {
        assertThat(explained(new ConfigurationException("Port 'x'\n is no port")))
                .isEqualTo("Port 'x' is no port");
        assertThat(explained(new NoSuchElementException(
                        "SRCFG00011: Could not expand value x in property quarkus.http.port")))
                .isEqualTo("Could not expand value x in property quarkus.http.port");
    }

    @Test
    void malformed_yaml_is_named_by_its_line_and_not_quoted() {
        Throwable thrown = Assertions.catchThrowable(
                () -> new YamlConfigSource("application.yaml", "litestow:\n  secret-access-key: 'hush\n"));

        assertThat(explained(thrown)).contains("malformed at line").doesNotContain("hush");
    }

    @Test
    void an_escape_that_properties_cannot_read_is_explained() {
        assertThat(explained(new IllegalArgumentException("Malformed \\uxxxx encoding.")))
                .contains(".env", "_FILE");
    }

    private static String explained(Throwable thrown) {
        Failure failure = StartupErrors.explain(new RuntimeException("Failed to start application", thrown))
                .get(0);
        assertThat(failure.kind()).isEqualTo(FailureKind.SETTINGS);
        assertThat(failure.getMessage()).doesNotContain("\n");
        return failure.getMessage();
    }
}
