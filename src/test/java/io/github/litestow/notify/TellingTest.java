package io.github.litestow.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.litestow.config.NotifyEvent;
import io.github.litestow.config.NotifyEvents;
import io.github.litestow.config.NotifySettings;
import io.github.litestow.config.NotifyTarget;
import io.github.litestow.config.NotifyTarget.Kind;
import io.github.litestow.control.DaemonThreads;
import io.github.litestow.host.Host;
import io.github.litestow.host.WiredService;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A host that fails and recovers, and web servers that are told of it. */
class TellingTest {
    private static final Duration AT_MOST = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private final Receiver receiver = new Receiver();
    private final Receiver other = new Receiver();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private DaemonThreads thread = new DaemonThreads("notify", 1);
    private Duration limit = Duration.ofSeconds(30);
    private Host host;

    @BeforeEach
    void aHostWhoseReplicaIsNoFolder() throws IOException {
        host = new Host(folder.resolve("host"), folder.resolve("replica"));
        host.file().withRows("WAL", 3);
        Files.createFile(folder.resolve("replica"));
    }

    @AfterEach
    void end() {
        thread.close();
        host.stop();
        receiver.close();
        other.close();
    }

    private Telling telling(Receiver... receivers) {
        List<NotifyTarget> targets = List.of(receivers).stream()
                .map(one -> new NotifyTarget(Kind.HTTPS, one.address() + "/hook?key=hush"))
                .toList();
        NotifySettings settings = new NotifySettings(
                targets,
                new NotifyEvents(EnumSet.of(NotifyEvent.FAILURE, NotifyEvent.RECOVERY)),
                Optional.empty(),
                Optional.of("http://page"));
        return new Telling(
                settings,
                Channels.of(targets, WiredService.JSON, null, limit),
                thread,
                Duration.ofMillis(20),
                Clock.systemUTC(),
                WiredService.JSON,
                registry);
    }

    private void look(Telling telling) {
        telling.look(host.settings(), host.status(), host.database().journal().state());
    }

    private double counted(String outcome) {
        return registry.get("litestow.notifications").tag("outcome", outcome).counters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }

    private void mend() throws IOException {
        Files.delete(folder.resolve("replica"));
        host.keep();
    }

    @Test
    void a_failure_and_its_end_are_told_once_each_over_restarts_too() throws IOException {
        host.keep();
        Telling telling = telling(receiver);
        look(telling);
        await().atMost(AT_MOST).until(() -> receiver.calls().size() == 1);
        JsonNode message = WiredService.JSON.readTree(receiver.bodies().get(0));
        assertThat(message.path("event").asText()).isEqualTo("failure");
        assertThat(message.path("database").asText()).isEqualTo("default");
        assertThat(message.path("kind").asText()).isNotEmpty();
        assertThat(message.path("cause").asText()).contains("replica");
        assertThat(message.path("url").asText()).isEqualTo("http://page/d/default");
        assertThat(message.has("since") && message.has("time") && message.has("hint"))
                .isTrue();

        await().atMost(AT_MOST).until(() -> counted("delivered") == 1);
        look(telling);
        Telling restarted = telling(receiver);
        host.keep();
        look(restarted);
        mend();
        look(restarted);
        await().atMost(AT_MOST).until(() -> receiver.calls().size() == 2);
        assertThat(WiredService.JSON
                        .readTree(receiver.bodies().get(1))
                        .path("event")
                        .asText())
                .isEqualTo("recovery");
        await().atMost(AT_MOST).until(() -> counted("delivered") == 2);
        look(telling(receiver));
        restarted.drain(AT_MOST);
        assertThat(receiver.calls()).hasSize(2);
    }

    @Test
    void a_receiver_that_refuses_is_tried_again_and_keeps_nothing_from_another() {
        receiver.answers(500);
        host.keep();
        look(telling(receiver, other));

        await().atMost(AT_MOST)
                .until(() -> !other.calls().isEmpty() && receiver.calls().size() >= 3);
        receiver.answers(204);
        await().atMost(AT_MOST).until(() -> counted("delivered") == 2);
        assertThat(counted("failed")).isGreaterThanOrEqualTo(3);
    }

    @Test
    void a_receiver_that_hangs_is_given_up_for_now_and_nobody_waits_for_it() {
        limit = Duration.ofMillis(200);
        receiver.hang();
        host.keep();
        Telling telling = telling(receiver);
        look(telling);
        await().atMost(AT_MOST).until(() -> counted("failed") >= 1);
    }

    @Test
    void what_was_not_taken_before_a_restart_is_told_after_it() {
        receiver.answers(503);
        host.keep();
        look(telling(receiver));
        await().atMost(AT_MOST).until(() -> counted("failed") >= 1);
        thread.close();

        receiver.answers(200);
        thread = new DaemonThreads("notify", 1);
        look(telling(receiver));

        await().atMost(AT_MOST).until(() -> counted("delivered") == 1);
    }
}
