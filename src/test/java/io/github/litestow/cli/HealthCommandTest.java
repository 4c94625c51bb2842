package io.github.litestow.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where {@code health} looks for the service. */
class HealthCommandTest {
    @TempDir
    Path folder;

    @Test
    void the_service_is_asked_where_its_dot_env_says_and_the_environment_wins() throws IOException {
        Path file = Files.writeString(
                folder.resolve(".env"), "REPLICA_URL=file:///r\nQUARKUS_HTTP_PORT=8181\nQUARKUS_HTTP_HOST=127.0.0.2\n");

        assertThat(HealthCommand.url(Map.of(), file, HealthCommand.Probe.live))
                .isEqualTo("http://127.0.0.2:8181/q/health/live");
        assertThat(HealthCommand.url(Map.of("QUARKUS_HTTP_PORT", "8282"), file, HealthCommand.Probe.freshness))
                .isEqualTo("http://127.0.0.2:8282/q/health/group/freshness");
    }

    @Test
    void without_settings_it_is_asked_on_its_usual_port() {
        assertThat(HealthCommand.url(
                        Map.of("QUARKUS_HTTP_HOST", "::"), folder.resolve(".env"), HealthCommand.Probe.ready))
                .isEqualTo("http://127.0.0.1:8080/q/health/ready");
    }
}
