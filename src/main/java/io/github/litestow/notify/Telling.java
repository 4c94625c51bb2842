package io.github.litestow.notify;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.config.NotifyEvent;
import io.github.litestow.config.NotifySettings;
import io.github.litestow.control.DaemonThreads;
import io.github.litestow.journal.DatabaseState;
import io.github.litestow.outcome.RunRecord;
import io.github.litestow.report.DatabaseStatus;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tells people of each database what {@link Tidings} says, until everybody has heard it. All but {@link
 * #drain} is to be called on one thread; nothing here throws for a receiver's sake.
 */
final class Telling {
    private final NotifySettings settings;
    private final ObjectMapper json;
    private final Clock clock;
    private final Outbox outbox;
    private final Tidings tidings;
    private final Map<String, ToldFile> files = new ConcurrentHashMap<>();

    /**
     * Wires it.
     *
     * @param thread what brings messages
     * @param firstPause how long to wait after a first failure
     */
    Telling(
            NotifySettings settings,
            List<Channel> channels,
            DaemonThreads thread,
            Duration firstPause,
            Clock clock,
            ObjectMapper json,
            MeterRegistry registry) {
        this.settings = settings;
        this.json = json;
        this.clock = clock;
        this.outbox = new Outbox(channels, thread, clock, registry, firstPause, this::delivered);
        this.tidings = new Tidings(settings, outbox.channels());
    }

    /** Looks at a database, and has told what there is to tell. */
    void look(ConfiguredDatabase database, DatabaseStatus status, DatabaseState state) {
        Instant now = clock.instant();
        ToldFile file = file(database);
        Told before;
        Told after;
        // Meanwhile nobody says that a channel has taken what this would write over.
        synchronized (file) {
            before = file.read();
            Optional<Told.ReplicaSize> week =
                    Conditions.week(before.replica(), state.statistics().replicaBytes(), now);
            List<Condition> conditions = Conditions.of(database, status, state, week, now);
            after = tidings.next(before, conditions, week, now);
            file.write(after);
        }
        for (Told.Entry entry : before.entries()) {
            if (after.entry(entry.event()).isEmpty()) {
                outbox.cancel(database.name(), entry.event());
            }
        }
        for (Told.Entry entry : after.entries()) {
            Set<String> pending = new TreeSet<>(entry.pending());
            boolean anew = before.entry(entry.event())
                    .filter(old -> old.told().equals(entry.told()))
                    .isEmpty();
            if (!anew) {
                pending.retainAll(outbox.without(database.name(), entry.event()));
            }
            if (!pending.isEmpty()) {
                outbox.put(Message.of(entry, status, settings.publicUrl()), pending);
            }
        }
    }

    /** Tells of a run that people want to hear of although nothing is wrong. */
    void news(RunRecord run, DatabaseStatus status) {
        NotifyEvent event = switch (run.result().which()) {
            case OFFLOADED -> NotifyEvent.OFFLOAD;
            case RESTORED -> NotifyEvent.RESTORE;
            default -> null;
        };
        if (event != null && settings.on().events().contains(event)) {
            Told.Entry entry = new Told.Entry(
                    event,
                    run.finished(),
                    List.of(),
                    run.finished(),
                    run.result().words(),
                    "",
                    false,
                    Set.of());
            outbox.put(Message.of(entry, status, settings.publicUrl()), outbox.channels());
        }
    }

    /** On the thread that brings messages. */
    private void delivered(Channel channel, Message message) {
        ToldFile file = files.get(message.database());
        if (file == null || !message.isOfState()) {
            return;
        }
        synchronized (file) {
            Told told = file.read();
            List<Told.Entry> entries = new ArrayList<>();
            for (Told.Entry entry : told.entries()) {
                boolean heard = entry.event() == message.event() && entry.told().equals(message.time());
                Set<String> pending = new TreeSet<>(entry.pending());
                if (heard) {
                    pending.remove(channel.id());
                }
                if (entry.event() != NotifyEvent.RECOVERY || !pending.isEmpty()) {
                    entries.add(entry.pending(pending));
                }
            }
            file.write(new Told(entries, told.replica()));
        }
    }

    private ToldFile file(ConfiguredDatabase database) {
        return files.computeIfAbsent(database.name(), name -> new ToldFile(database.stateFolder(), json));
    }

    /** Waits until each message was tried, at the most for {@code most}. */
    void drain(Duration most) {
        outbox.drain(most);
    }
}
