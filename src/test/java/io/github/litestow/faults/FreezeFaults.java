package io.github.litestow.faults;

import io.github.litestow.application.Application;
import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.host.WiredService;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.run.restore.RestoreRequest;
import io.github.litestow.run.snapshot.SnapshotRequest;
import io.github.litestow.sqlite.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/** A service, its engine or both are frozen (SIGSTOP), relieved of the lease, and thawed. */
final class FreezeFaults {
    private static final int FROZEN = 900;
    private static final int HEIRS = 2_000;

    private FreezeFaults() {}

    /**
     * Frozen at any time of a snapshot, while another host takes the lease over, uploads and deletes its
     * copy; then thawed, so that what was on its way arrives.
     */
    static void thawedTooLate(World world, Random random, int index) throws Exception {
        Path frozenData = world.data;
        Application writer = world.application();
        writer.make(world.db(), "wal", 1, 300);
        // Enough to be caught while it uploads.
        TestDatabase.at(world.db())
                .execute(
                        "CREATE TABLE big(b)",
                        "INSERT INTO big SELECT randomblob(1000) FROM t, (SELECT 1 FROM t LIMIT 40)");
        Outcome begun = world.snapshot();
        for (int attempt = 1; attempt < 5 && !(begun instanceof Outcome.Offloaded); attempt++) {
            // The lease of these trials is short for a busy machine.
            begun = world.snapshot();
        }
        world.expectOffloaded(begun);
        world.expect(world.restore() instanceof Outcome.Restored, "restored on the first host");
        WiredService heir = heir(world);
        world.expect(restore(heir) instanceof Outcome.Restored, "restored on the second host");
        writer.once(world.db(), FROZEN);
        // Not counted as acknowledged: refused, they stay where only the heir looks, and that is asked below.
        Application other = world.application();
        other.onceUncounted(heir.database().settings().database(), HEIRS);

        Outcome taken = takenOverWhileFrozen(world, heir, random, index);

        world.saw(taken, Duration.ZERO);
        world.data = frozenData;
        if (taken instanceof Outcome.Offloaded) {
            world.expect(restore(heir) instanceof Outcome.Restored, "restored by who went on");
            Set<Integer> rows = rows(heir);
            world.expect(rows.contains(HEIRS) && !rows.contains(FROZEN), "what went on is what is restored");
            other.onceUncounted(heir.database().settings().database(), HEIRS + 1);
            world.expectOffloaded(snapshot(heir));
            world.expect(world.restoredRows().contains(HEIRS + 1), "and it goes on");
            world.restart();
            Outcome late = world.snapshot();
            world.expectFailure(late, FailureKind.REFUSED);
        } else {
            // The frozen one was done, or nearly: it is ahead, and the other is told so.
            world.expectFailure(taken, FailureKind.REFUSED, FailureKind.BUSY);
            world.expect(rows(heir).contains(HEIRS), "who is refused keeps its rows");
        }
    }

    private static Outcome takenOverWhileFrozen(World world, WiredService heir, Random random, int index)
            throws Exception {
        try (VictimProcess victim = new VictimProcess(world, "snapshot", "-")) {
            victim.await("READY");
            Callable<Boolean> moment = index % 3 == 0
                    ? () -> !victim.engines().isEmpty()
                    : index % 3 == 1 ? () -> unfinished(world.replica) : () -> random.nextInt(200_000) == 0;
            while (victim.alive() && !moment.call()) {
                Thread.onSpinWait();
            }
            int who = index / 3 % 3;
            signal("STOP", victim, who);
            Outcome taken = snapshot(heir);
            signal("CONT", victim, who);
            victim.await("END");
            victim.awaitEnd(Duration.ofSeconds(20));
            return taken;
        }
    }

    /** An upload in progress, which is renamed when it is whole. */
    private static boolean unfinished(Path replica) {
        try (Stream<Path> files = Files.walk(replica)) {
            return files.anyMatch(file -> file.toString().endsWith(".tmp"));
        } catch (IOException | UncheckedIOException e) {
            // Renamed between two looks.
            return false;
        }
    }

    private static void signal(String name, VictimProcess victim, int who) throws Exception {
        List<Long> pids = Stream.concat(
                        who == 1 ? Stream.empty() : Stream.of(victim.pid()),
                        who == 2 ? Stream.empty() : victim.engines().stream().map(ProcessHandle::pid))
                .toList();
        for (Long pid : pids) {
            new ProcessBuilder("kill", "-" + name, String.valueOf(pid)).start().waitFor();
        }
    }

    private static WiredService heir(World world) throws Exception {
        Path data = Files.createDirectory(world.folder.resolve("heir"));
        ConfiguredDatabase settings = world.tuning.settings(world.name + "-heir", data, world.replica);
        return world.tuning.service(settings);
    }

    private static Outcome restore(WiredService service) {
        return service.restores()
                .restore(service.database(), RestoreRequest.newest("trial", false))
                .result();
    }

    private static Outcome snapshot(WiredService service) {
        return service.snapshots()
                .snapshot(service.database(), SnapshotRequest.by("trial"))
                .result();
    }

    private static Set<Integer> rows(WiredService service) throws IOException {
        try (Application reader = new Application()) {
            return new TreeSet<>(reader.rows(service.database().settings().database()));
        }
    }
}
