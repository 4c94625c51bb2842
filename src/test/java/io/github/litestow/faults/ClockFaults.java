package io.github.litestow.faults;

import io.github.litestow.config.TestConfig;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.store.Replica;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** One run, start or prune with a clock that is days or a year off, while retention deletes what is old. */
final class ClockFaults {
    private static final List<Duration> OFF = List.of(
            Duration.ofDays(10), Duration.ofDays(-10), Duration.ofDays(365), Duration.ofDays(-365), Duration.ofDays(8));

    private ClockFaults() {}

    /** No point is deleted by such a clock, and nothing afterwards is put off or called fresh by what it wrote. */
    static void farOff(World world, Random random, int index) throws Exception {
        Duration off = OFF.get(index % OFF.size());
        world.tuning.retention = Optional.of(TestConfig.retention(Duration.ofDays(7), 1, Duration.ZERO));
        world.tuning.verifyEvery = random.nextBoolean() ? Duration.ofDays(1) : Duration.ofMillis(1);
        History history = new History(world, WriterFaults.JOURNALS.get(random.nextInt(6)), 20, 2);
        history.addRow();
        world.expectOffloaded(world.snapshot());
        Outcome start = world.restore();
        world.expect(start instanceof Outcome.Restored, "restored, got " + start);
        history.addRow();
        List<String> before = points(world);
        world.tuning.clock = Clock.offset(Clock.systemUTC(), off);
        world.restart();
        String what = doAnything(world, index) + " with the clock off by " + off;
        world.tuning.clock = Clock.systemUTC();
        world.restart();
        List<String> after = points(world);
        world.expect(after.containsAll(before), "points deleted by " + what + ": " + before + ", " + after);
        history.expectPointsStay(what);
        world.expect(!(world.restore() instanceof Outcome.Failed), "a start after " + what);
        history.addRow();
        Outcome outcome = world.keep();
        world.expect(outcome instanceof Outcome.Snapshotted, "a right clock after " + what + ": " + outcome);
        history.expectNewestWhole(what);
        world.expect(points(world).containsAll(before), "points deleted after " + what);
        world.goesOn();
    }

    private static String doAnything(World world, int index) throws Exception {
        switch (index / OFF.size() % 4) {
            case 0 -> {
                Outcome outcome = world.snapshot();
                world.expect(!(outcome instanceof Outcome.Failed), "a snapshot with a wrong clock: " + outcome);
                return "a snapshot";
            }
            case 1 -> {
                Outcome outcome = world.keep();
                world.expect(!(outcome instanceof Outcome.Failed), "a snapshot with a wrong clock: " + outcome);
                return "a kept snapshot";
            }
            case 2 -> {
                try {
                    world.service().prunes().prune(world.service().database(), false);
                } catch (Failure refused) {
                    // Promised where the store says another time.
                    return "a refused prune";
                }
                return "a prune";
            }
            default -> {
                world.expect(!(world.restore() instanceof Outcome.Failed), "a start with a wrong clock");
                Outcome verified = world.verify();
                world.expect(!(verified instanceof Outcome.Failed), "verified with a wrong clock: " + verified);
                return "a start and a verification";
            }
        }
    }

    private static List<String> points(World world) throws Failure {
        Replica replica = world.service().database().replica();
        return replica.points().stream().map(point -> point.txid()).toList();
    }
}
