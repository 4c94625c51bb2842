package io.github.litestow.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.litestow.config.ConfiguredService;
import io.github.litestow.host.WiredService;
import io.github.litestow.report.LiveRuns;
import io.github.litestow.report.OverviewService;
import io.github.litestow.report.StatusService;
import io.github.litestow.run.Databases;
import io.smallrye.mutiny.helpers.test.AssertSubscriber;
import jakarta.ws.rs.sse.OutboundSseEvent;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LiveEventsTest {
    private LiveEvents events;

    @BeforeEach
    void nothingToTell() {
        ConfiguredService settings =
                new ConfiguredService(List.of(), Optional.empty(), Duration.ofSeconds(5), Optional.empty(), 1);
        Databases databases = new Databases(settings, null, WiredService.JSON);
        Clock clock = Clock.systemUTC();
        StatusService status = new StatusService(settings, databases, clock);
        events = new LiveEvents(
                new LiveRuns(databases, clock),
                new OverviewService(databases, status, clock),
                databases,
                WiredService.JSON);
    }

    @AfterEach
    void close() {
        events.stop();
    }

    @Test
    void whoever_comes_is_told_how_it_stands_and_no_more_are_let_in_than_one_thread_can_tell() {
        List<AssertSubscriber<OutboundSseEvent>> clients = new ArrayList<>();
        for (int i = 0; i < LiveEvents.MOST; i++) {
            clients.add(events.listen().subscribe().withSubscriber(AssertSubscriber.create(Long.MAX_VALUE)));
        }

        assertThat(clients.get(0).getItems())
                .extracting(OutboundSseEvent::getName)
                .containsExactly("summary", "runs");
        Refused refused = catchThrowableOfType(Refused.class, events::listen);
        assertThat(refused.problem().status()).isEqualTo(503);
        clients.get(0).cancel();
        events.listen().subscribe().withSubscriber(AssertSubscriber.create(1)).assertSubscribed();
    }

    @Test
    void one_that_does_not_read_is_cut_off_and_the_others_are_told_on() {
        AssertSubscriber<OutboundSseEvent> stuck =
                events.listen().subscribe().withSubscriber(AssertSubscriber.create(0));
        AssertSubscriber<OutboundSseEvent> reading =
                events.listen().subscribe().withSubscriber(AssertSubscriber.create(Long.MAX_VALUE));

        for (int i = 0; i < 16_000; i++) {
            events.look();
        }

        reading.assertNotTerminated();
        stuck.request(Long.MAX_VALUE);
        assertThat(stuck.getFailure()).hasMessageContaining("does not read");
        assertThat(stuck.getItems()).hasSize(500);
        assertThat(reading.getItems()).hasSizeGreaterThan(500);
    }

    @Test
    void a_stop_waits_for_no_listener() {
        AssertSubscriber<OutboundSseEvent> listening =
                events.listen().subscribe().withSubscriber(AssertSubscriber.create(Long.MAX_VALUE));

        events.stop();

        listening.assertCompleted();
        assertThat(catchThrowableOfType(Refused.class, events::listen).problem().status())
                .isEqualTo(503);
    }
}
