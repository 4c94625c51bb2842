package io.github.litestow.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.litestow.config.NotifyEvent;
import io.github.litestow.config.NotifyTarget;
import io.github.litestow.config.NotifyTarget.Kind;
import io.github.litestow.host.WiredService;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each kind of receiver as it is called, over real HTTP. */
class WebFormatTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

    private final Receiver receiver = new Receiver();

    @AfterEach
    void end() {
        receiver.close();
    }

    private static Message message(String database) {
        return new Message(
                NotifyEvent.FAILURE,
                database,
                NOON,
                Optional.of(NOON),
                Optional.of(FailureKind.ACCESS_DENIED),
                "snapshot at probe: the keys are wrong <here> & now",
                "Check the keys.",
                Optional.empty(),
                Optional.of(NOON),
                Optional.of("http://page/d/" + database),
                false,
                List.of());
    }

    private static Channel channel(Kind kind, String address) {
        return Channels.of(List.of(new NotifyTarget(kind, address)), WiredService.JSON, null, Duration.ofSeconds(5))
                .get(0);
    }

    private JsonNode sent(Kind kind, String path) throws Exception {
        channel(kind, receiver.address() + path).send(message("orders"));
        return WiredService.JSON.readTree(receiver.bodies().get(0));
    }

    @ParameterizedTest
    @CsvSource({
        "HTTPS, /hook?a=b, /hook?a=b, event",
        "SLACK, /services/T/B/x, /services/T/B/x, text",
        "DISCORD, /api/webhooks/1/x, /api/webhooks/1/x, content",
        "TEAMS, /workflows/x?sig=y, /workflows/x?sig=y, attachments",
        "NTFY, /alerts, /, topic",
        "GOTIFY, ?token=x, /message?token=x, priority",
        "GOTIFY, /message?token=x, /message?token=x, message",
        "APPRISE, /notify/key, /notify/key, body",
    })
    void each_kind_is_called_where_and_as_it_wants(Kind kind, String path, String called, String field)
            throws Exception {
        JsonNode body = sent(kind, path);

        assertThat(receiver.targets()).containsExactly("POST " + called);
        assertThat(body.has(field)).as(body.toString()).isTrue();
        assertThat(body.toString()).contains("orders", "access_denied", "Check the keys.");
    }

    @Test
    void what_slack_would_take_for_markup_is_escaped() throws Exception {
        assertThat(sent(Kind.SLACK, "/x").path("text").asText()).contains("&lt;here&gt; &amp; now");
    }

    @Test
    void ateams_message_is_an_adaptive_card_with_a_link() throws Exception {
        JsonNode card = sent(Kind.TEAMS, "/x").path("attachments").path(0).path("content");

        assertThat(card.path("type").asText()).isEqualTo("AdaptiveCard");
        assertThat(card.path("actions").path(0).path("url").asText()).isEqualTo("http://page/d/orders");
    }

    @Test
    void a_token_or_a_password_of_ntfy_is_sent_as_such() throws Exception {
        String host = receiver.address().substring("http://".length());
        channel(Kind.NTFY, "http://:tk_hush@" + host + "/alerts").send(message("orders"));
        channel(Kind.NTFY, "http://me:hush@" + host + "/alerts").send(message("orders"));

        assertThat(receiver.calls())
                .extracting(Receiver.Call::authorization)
                .containsExactly("Bearer tk_hush", "Basic bWU6aHVzaA==");
    }

    @Test
    void a_failure_of_the_receiver_names_no_address() {
        receiver.answers(404);
        List<String> addresses = List.of(
                receiver.address() + "/hush",
                "http://127.0.0.1:1/hush",
                "http://hush.invalid/x",
                "https://" + receiver.address().substring("http://".length()) + "/hush");
        List<String> words = new ArrayList<>();
        for (String address : addresses) {
            Failure failure = catchThrowableOfType(
                    Failure.class, () -> channel(Kind.HTTPS, address).send(message("orders")));
            words.add(failure.getMessage());
        }

        assertThat(words).noneMatch(text -> text.contains("hush")).first().isEqualTo("it answered with status 404");
    }

    @Test
    void many_that_say_the_same_are_one_message() throws IOException {
        Message together = Message.together(
                IntStream.range(0, 500).mapToObj(i -> message("t" + i)).toList());

        assertThat(together.database()).isEqualTo("t0, t1, t2 and 497 more");
        assertThat(together.databases()).hasSize(100);
        assertThat(together.title()).isEqualTo("t0, t1, t2 and 497 more: a run failed (access_denied)");
        assertThat(WiredService.JSON.writeValueAsString(together)).doesNotContain("alarm", "ofState");
    }
}
