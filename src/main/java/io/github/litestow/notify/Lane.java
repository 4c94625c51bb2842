package io.github.litestow.notify;

import io.github.litestow.config.NotifyEvent;
import io.github.litestow.control.DaemonThreads;
import io.github.litestow.outcome.Failure;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jboss.logging.Logger;

/**
 * What waits for one channel: a bounded queue, of which one message at a time is tried, later and later
 * as long as the channel takes none. Safe for concurrent use.
 */
final class Lane {
    private static final Logger LOG = Logger.getLogger("io.github.litestow.notify");

    static final int MOST = 1_000;
    /** Of more than so many that say the same, people get one. */
    private static final int APART = 3;
    /** What is true for a moment only is not told later. */
    private static final Duration NEWS = Duration.ofHours(1);

    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(15);

    private final Channel channel;
    private final Outbox outbox;
    private final DaemonThreads thread;
    private final Clock clock;
    private final Duration firstPause;
    private final Deque<Message> waiting = new ArrayDeque<>();
    private int failures;
    private boolean due;

    Lane(Channel channel, Outbox outbox, DaemonThreads thread, Clock clock, Duration firstPause) {
        this.channel = channel;
        this.outbox = outbox;
        this.thread = thread;
        this.clock = clock;
        this.firstPause = firstPause;
    }

    Channel channel() {
        return channel;
    }

    /** Adds a message, in the place of an older one that says the same. */
    synchronized void put(Message message) {
        waiting.removeIf(message::sameAs);
        if (waiting.size() >= MOST) {
            outbox.count(channel, "dropped");
            return;
        }
        waiting.add(message);
        if (!due) {
            due = true;
            // Others may follow that say the same of other databases.
            thread.after(firstPause.multipliedBy(2), this::attempt);
        }
    }

    synchronized boolean holds(String database, NotifyEvent event) {
        return waiting.stream()
                .anyMatch(message ->
                        message.event() == event && message.database().equals(database));
    }

    synchronized void cancel(String database, NotifyEvent event) {
        waiting.removeIf(
                message -> message.event() == event && message.database().equals(database));
    }

    /** Returns whether nothing waits that has not been tried. */
    synchronized boolean settled() {
        return waiting.isEmpty() || failures > 0;
    }

    private synchronized List<Message> batch() {
        waiting.removeIf(message -> {
            boolean old = !message.isOfState() && message.time().plus(NEWS).isBefore(clock.instant());
            if (old) {
                outbox.count(channel, "dropped");
            }
            return old;
        });
        Message first = waiting.peek();
        if (first == null) {
            return List.of();
        }
        List<Message> same = waiting.stream()
                .filter(message -> message.event() == first.event() && message.reminder() == first.reminder())
                .toList();
        return same.size() > APART ? same : List.of(first);
    }

    private void attempt() {
        List<Message> batch = batch();
        boolean taken = false;
        try {
            if (!batch.isEmpty()) {
                channel.send(Message.together(batch));
                taken = true;
                batch.forEach(message -> outbox.delivered(channel, message));
                outbox.count(channel, "delivered");
            }
        } catch (Failure e) {
            outbox.count(channel, "failed");
            trouble(e.getMessage());
        } finally {
            settle(batch, taken);
        }
    }

    private synchronized void trouble(String why) {
        if (failures == 0) {
            LOG.warnf("%s cannot be told: %s. It is tried again, and backups go on", channel.name(), why);
        } else {
            LOG.debugf("%s cannot be told: %s", channel.name(), why);
        }
    }

    /** Compared by identity: what was put meanwhile in the place of a message is not that message. */
    private synchronized void settle(List<Message> batch, boolean taken) {
        if (taken) {
            if (failures > 0) {
                LOG.infof("%s can be told again", channel.name());
            }
            failures = 0;
            Set<Message> done = Collections.newSetFromMap(new IdentityHashMap<>());
            done.addAll(batch);
            waiting.removeIf(done::contains);
        } else if (!batch.isEmpty()) {
            failures++;
        }
        due = !waiting.isEmpty();
        if (due) {
            thread.after(failures == 0 ? Duration.ZERO : pause(), this::attempt);
        }
    }

    private Duration pause() {
        Duration pause = firstPause.multipliedBy(1L << Math.min(2 * failures, 20));
        return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
    }
}
