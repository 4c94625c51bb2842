package io.github.litestow.report;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** The metric of whether those were told who wanted to be. */
public final class NotificationMetrics {

    private NotificationMetrics() {}

    /** Returns the counter of a channel and of how attempts ended; registered when it is first asked for. */
    public static Counter counter(MeterRegistry registry, String channel, String outcome) {
        return Counter.builder("litestow.notifications")
                .description("attempts to tell somebody of what happened, and how they ended")
                .tag("channel", channel)
                .tag("outcome", outcome)
                .register(registry);
    }
}
