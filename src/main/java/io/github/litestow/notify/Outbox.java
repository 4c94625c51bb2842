package io.github.litestow.notify;

import io.github.litestow.config.NotifyEvent;
import io.github.litestow.control.DaemonThreads;
import io.github.litestow.control.Deadline;
import io.github.litestow.report.NotificationMetrics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/** Brings messages to the channels, each in its own time. Safe for concurrent use. */
final class Outbox {
    private final MeterRegistry registry;
    private final List<Lane> lanes;
    private final BiConsumer<Channel, Message> delivered;
    private final Object settled = new Object();

    /**
     * Wires it.
     *
     * @param thread what brings them
     * @param firstPause how long to wait after a first failure; then longer and longer
     * @param delivered told of each message that a channel has taken
     */
    Outbox(
            List<Channel> channels,
            DaemonThreads thread,
            Clock clock,
            MeterRegistry registry,
            Duration firstPause,
            BiConsumer<Channel, Message> delivered) {
        this.registry = registry;
        this.delivered = delivered;
        this.lanes = channels.stream()
                .map(channel -> new Lane(channel, this, thread, clock, firstPause))
                .toList();
        for (Channel channel : channels) {
            counter(channel, "delivered");
            counter(channel, "failed");
            counter(channel, "dropped");
        }
    }

    /** Returns the ids of the channels. */
    Set<String> channels() {
        return lanes.stream().map(lane -> lane.channel().id()).collect(Collectors.toSet());
    }

    /** Brings a message to some of the channels; those where it waits already are passed over. */
    void put(Message message, Set<String> channels) {
        for (Lane lane : lanes) {
            if (channels.contains(lane.channel().id())) {
                lane.put(message);
            }
        }
    }

    /** Returns the ids of those channels for which nothing waits of this event. */
    Set<String> without(String database, NotifyEvent event) {
        return lanes.stream()
                .filter(lane -> !lane.holds(database, event))
                .map(lane -> lane.channel().id())
                .collect(Collectors.toSet());
    }

    /** Takes back what is not so any more. */
    void cancel(String database, NotifyEvent event) {
        lanes.forEach(lane -> lane.cancel(database, event));
    }

    /** Waits until each message was tried, at the most for {@code most}. */
    void drain(Duration most) {
        Deadline deadline = new Deadline(System::nanoTime, most);
        synchronized (settled) {
            try {
                while (!lanes.stream().allMatch(Lane::settled)
                        && deadline.left().toMillis() > 0) {
                    settled.wait(Math.min(50, deadline.left().toMillis()));
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    void count(Channel channel, String outcome) {
        counter(channel, outcome).increment();
    }

    void delivered(Channel channel, Message message) {
        delivered.accept(channel, message);
    }

    private Counter counter(Channel channel, String outcome) {
        return NotificationMetrics.counter(registry, channel.name(), outcome);
    }
}
