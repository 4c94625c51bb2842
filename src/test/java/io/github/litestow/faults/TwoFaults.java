package io.github.litestow.faults;

import io.github.litestow.application.Application;
import io.github.litestow.host.WiredService;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.run.snapshot.SnapshotRequest;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;

/** Two of everything: triggers, processes, a command beside the service. */
final class TwoFaults {

    private TwoFaults() {}

    /** One works, the other is told so; together they lose nothing. */
    static void twoAtOnce(World world, Random random, int index) throws Exception {
        Application writer = world.application();
        writer.make(world.db(), WriterFaults.JOURNALS.get(random.nextInt(6)), 1, 50);
        switch (index % 3) {
            case 0 -> twoTriggers(world);
            case 1 -> twoProcesses(world);
            default -> besideService(world);
        }
        world.goesOn();
    }

    private static void twoTriggers(World world) throws Exception {
        WiredService service = world.service();
        CyclicBarrier together = new CyclicBarrier(2);
        List<CompletableFuture<Outcome>> both = List.of(together(service, together), together(service, together));
        List<Outcome> outcomes =
                List.of(both.get(0).get(60, TimeUnit.SECONDS), both.get(1).get(60, TimeUnit.SECONDS));
        world.expect(
                outcomes.stream().filter(Outcome.Offloaded.class::isInstance).count() == 1,
                "one of them offloads: " + outcomes);
        world.expect(
                outcomes.stream()
                                .filter(outcome -> outcome instanceof Outcome.Skipped
                                        || outcome instanceof Outcome.NothingToSnapshot)
                                .count()
                        == 1,
                "the other is told: " + outcomes);
    }

    private static CompletableFuture<Outcome> together(WiredService service, CyclicBarrier barrier) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        barrier.await(20, TimeUnit.SECONDS);
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                    return service.snapshots()
                            .snapshot(service.database(), SnapshotRequest.by("trial"))
                            .result();
                },
                task -> new Thread(task, "trigger").start());
    }

    private static void twoProcesses(World world) throws Exception {
        try (VictimProcess other = new VictimProcess(world, "snapshot", "snapshot replicate")) {
            other.await("STEP snapshot replicate");
            world.expectFailure(world.snapshot(), FailureKind.BUSY);
            other.answer();
            world.expect(other.await("END snapshot offloaded").isPresent(), "the other ends well: " + other.seen());
        }
    }

    private static void besideService(World world) throws Exception {
        try (VictimProcess service = new VictimProcess(world, "hold", "-")) {
            service.await("HOLDS");
            Outcome outcome = world.snapshot();
            world.expectFailure(outcome, FailureKind.BUSY);
            world.expect(
                    outcome instanceof Outcome.Failed failed && failed.cause().contains("pid"),
                    "it is told whom to talk to: " + outcome);
            service.kill();
        }
        world.expectOffloaded(world.snapshot());
    }
}
