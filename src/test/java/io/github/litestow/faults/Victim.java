package io.github.litestow.faults;

import io.github.litestow.host.WiredService;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.run.Database;
import io.github.litestow.run.restore.RestoreRequest;
import io.github.litestow.run.snapshot.SnapshotRequest;
import io.github.litestow.sqlite.StateFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * A service to be killed: the real runs in a JVM of its own, which says each step before it begins
 * and goes on when it is answered, or at once.
 *
 * <p>Arguments: data folder, replica folder (or a bucket, as {@link Tuning#replicaAt} reads it), what to do ({@code snapshot}, {@code restore}, {@code
 * both} for ever, {@code hold} the database as a service does), and the step at which to wait for an
 * answer, or {@code -}.
 */
final class Victim {

    private Victim() {}

    /** Runs until it is killed, or what it was to do is done. */
    public static void main(String... args) throws Failure {
        Tuning tuning = new Tuning();
        tuning.timeout = Duration.ofSeconds(20);
        if (!args[3].equals("-")) {
            // Nobody waits for it to run out, and a busy machine must not lose it.
            tuning.leaseTime = Duration.ofSeconds(20);
        }
        Path replica = tuning.replicaAt(args[1]);
        WiredService service = tuning.service(tuning.settings("victim", Path.of(args[0]), replica));
        String[] doing = {""};
        Consumer<String> at = step -> {
            say("STEP " + doing[0] + " " + step);
            if (args[3].equals(doing[0] + " " + step)) {
                awaitAnswer();
            }
        };
        Steps.of("victim", at::accept);
        Database database = args[1].startsWith("s3://")
                ? service.database()
                : World.putting(service.database(), replica, put -> at.accept("put"), put -> at.accept("confirm"));
        AtomicBoolean triggers = new AtomicBoolean(true);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            // The service closes its cron first.
                            triggers.set(false);
                            stop(service);
                        },
                        "stop"));
        say("READY");
        if (args[2].equals("hold")) {
            StateFolder.ensure(service.database().settings());
            service.database().lock().host().take(WiredService.description());
            say("HOLDS");
            awaitAnswer();
            return;
        }
        boolean forEver = args[2].equals("both");
        do {
            for (String one : forEver ? new String[] {"snapshot", "restore"} : new String[] {args[2]}) {
                if (!triggers.get()) {
                    return;
                }
                doing[0] = one;
                Outcome outcome = one.equals("snapshot")
                        ? service.snapshots()
                                .snapshot(database, SnapshotRequest.by("victim"))
                                .result()
                        : service.restores()
                                .restore(service.database(), RestoreRequest.newest("victim", false))
                                .result();
                say("END " + one + " " + outcome.label() + " " + outcome);
            }
        } while (forEver);
    }

    /** As {@code service.GracefulShutdown}: what works is cut short, then a last snapshot that deletes nothing. */
    private static void stop(WiredService service) {
        boolean ended = service.runs().stop(Duration.ofSeconds(20));
        say("STOPPED " + ended);
        if (ended) {
            say("LAST "
                    + service.snapshots()
                            .last(service.database(), new SnapshotRequest("shutdown", true, false, Optional.empty()))
                            .result());
        }
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }

    private static void awaitAnswer() {
        try {
            if (System.in.read() < 0) {
                Runtime.getRuntime().halt(3);
            }
        } catch (IOException e) {
            Runtime.getRuntime().halt(3);
        }
    }
}
