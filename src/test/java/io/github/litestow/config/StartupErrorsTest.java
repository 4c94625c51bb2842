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
    void ourOwnFailureIsFoundUnderWhateverWrapsIt() {
        Failure failure = new Failure(FailureKind.SETTINGS, "what", "do");

        assertThat(StartupErrors.explain(new RuntimeException(
                        "Failed to start", new IllegalStateException(new InvalidSettings(List.of(failure))))))
                .containsExactly(failure);
        assertThat(StartupErrors.explain(new RuntimeException(failure))).containsExactly(failure);
    }

    @Test
    void aSuppressedFailureIsFoundToo() {
        Failure failure = new Failure(FailureKind.SETTINGS, "what", "do");
        RuntimeException thrown = new RuntimeException("stop failed as well");
        thrown.addSuppressed(new InvalidSettings(List.of(failure)));

        assertThat(StartupErrors.explain(thrown)).containsExactly(failure);
    }

    @Test
    void whatIsNoConfigurationProblemIsLeftAlone() {
        assertThat(StartupErrors.explain(new IllegalStateException("boom"))).isEmpty();
        assertThat(StartupErrors.explain(new RuntimeException(new Failure(FailureKind.DISK, "full", "clean"))))
                .isEmpty();
    }

    @Test
    void aProblemThatQuarkusFoundBecomesOneLineWithoutItsCode() {
        assertThat(explained(new ConfigurationException("Port 'x'\n is no port")))
                .isEqualTo("Port 'x' is no port");
        assertThat(explained(new NoSuchElementException(
                        "SRCFG00011: Could not expand value x in property quarkus.http.port")))
                .isEqualTo("Could not expand value x in property quarkus.http.port");
    }

    @Test
    void malformedYamlIsNamedByItsLineAndNotQuoted() {
        Throwable thrown = Assertions.catchThrowable(
                () -> new YamlConfigSource("application.yaml", "litestow:\n  secret-access-key: 'hush\n"));

        assertThat(explained(thrown)).contains("malformed at line").doesNotContain("hush");
    }

    @Test
    void anEscapeThatPropertiesCannotReadIsExplained() {
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
