package io.github.litestow.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.application.Application;
import io.github.litestow.application.Application.Pauses;
import io.github.litestow.application.Application.Style;
import io.github.litestow.host.Host;
import io.github.litestow.outcome.Kept;
import io.github.litestow.outcome.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The promise of the whole: an application that never stops writing loses no acknowledged row. */
class WriterSoakTest {
    /** So many in every build; {@code bench/soak} has more. */
    private static final int RUNS = Integer.getInteger("litestow.test.runs", 30);

    /** On a busy machine few runs find nobody in the database, and those are the ones that could lose a row. */
    private static final int OFFLOADED = 3;

    private static final long SEED = 20261121;

    /** No more runs are begun after this, whatever the machine; not a promise of speed. */
    private static final Duration LONGEST = Duration.ofSeconds(150);

    @TempDir
    Path temp;

    private Host host;
    private Application reader;
    private Application writer;

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void an_application_that_never_stops_writing_loses_no_acknowledged_row() throws Exception {
        host = new Host(temp.resolve("host"), temp.resolve("replica"));
        host.file().withRows("WAL", 500);
        Tally tally = new Tally();
        try (Application looking = new Application();
                Application writing = new Application()) {
            reader = looking;
            writer = writing;
            Random random = new Random(SEED);
            writer.loop(host.file().file(), 1_000_000, Style.CLOSED, Pauses.BREAKS, "", SEED);
            long end = System.nanoTime() + LONGEST.toNanos();
            while ((tally.runs < RUNS || tally.offloaded < OFFLOADED) && System.nanoTime() < end) {
                writer.style(random.nextBoolean() ? Style.HELD : Style.CLOSED);
                one(tally);
            }
            writer.stop();
        }
        assertNothingMissing("local", host.file().value("SELECT id FROM t"));
        Outcome last = host.snapshot();
        assertThat(last).isInstanceOf(Outcome.Offloaded.class);
        assertNothingMissing("replica", restoredIds());

        System.out.printf(
                "soak: %d runs, %d offloaded, %d kept (in use), %d changed, %d acknowledged rows, 0 missing%n",
                tally.runs,
                tally.offloaded,
                tally.inUse,
                tally.changed,
                acknowledged().size());
        assertThat(tally.offloaded).as("runs that offloaded").isPositive();
        assertThat(tally.inUse + tally.changed).as("runs that kept").isPositive();
        assertThat(acknowledged()).isNotEmpty();
    }

    private void one(Tally tally) {
        Outcome outcome = host.snapshot();
        tally.count(outcome);
        if (outcome instanceof Outcome.Offloaded) {
            // Nobody can commit before the restore, so all that was acknowledged by now must be there.
            writer.catchUp();
            assertNothingMissing("replica", restoredIds());
            assertThat(host.restore()).isInstanceOf(Outcome.Restored.class);
        }
        writer.catchUp();
        assertNothingMissing("local", localIds());
    }

    private static final class Tally {
        private int runs;
        private int offloaded;
        private int inUse;
        private int changed;

        private void count(Outcome outcome) {
            runs++;
            if (outcome instanceof Outcome.Offloaded) {
                offloaded++;
            } else if (outcome instanceof Outcome.Snapshotted kept && kept.kept() == Kept.IN_USE) {
                inUse++;
            } else if (outcome instanceof Outcome.Snapshotted kept && kept.kept() == Kept.CHANGED) {
                changed++;
            } else {
                assertThat(outcome)
                        .as("how a run may end beside a writer")
                        .isInstanceOfAny(Outcome.Unchanged.class, Outcome.Failed.class);
                // The engine gives up on a database that somebody writes to all the time.
                if (outcome instanceof Outcome.Failed failed) {
                    System.out.println("soak: run " + runs + ": " + failed);
                }
            }
        }
    }

    private void assertNothingMissing(String where, String ids) {
        Set<Integer> there = new TreeSet<>();
        Arrays.stream(ids.split(",", -1)).map(Integer::valueOf).forEach(there::add);
        Set<Integer> missing = new TreeSet<>(acknowledged());
        missing.removeAll(there);
        assertThat(missing).as("acknowledged rows missing from " + where).isEmpty();
    }

    /** Looks as another application does; in a process of its own, because of this one's locks. */
    private String localIds() {
        reader.open(host.file().file());
        String ids = reader.sql("SELECT id FROM t");
        reader.closeConnection();
        return ids;
    }

    private String restoredIds() {
        return host.restored(restored -> restored.value("SELECT id FROM t"));
    }

    private Set<Integer> acknowledged() {
        return writer.acknowledgedRows();
    }
}
