package io.github.litestow.engine;

import io.github.litestow.control.ProcessIdentity;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;

/** Ends engines that outlived the JVM that started them, because it was killed. */
public final class OrphanReaper {
    private static final Logger LOG = Logger.getLogger(OrphanReaper.class);
    private static final Duration KILL_TIMEOUT = Duration.ofSeconds(3);

    private OrphanReaper() {}

    /**
     * Kills every engine noted in this state folder whose JVM is gone, and removes the notes. KILL,
     * because litestream 0.5.17 ignores TERM when it hangs and survives KILL without a false restore
     * point. Never touches another process that got the same pid, nor an engine whose JVM lives: a
     * process is ours when pid, start and program are as noted, or when it carries the noted mark.
     *
     * <p>Safe for concurrent use.
     *
     * @param stateFolder a database's state folder; it need not exist
     * @return how many engines were ended
     * @throws Failure {@code BUSY} when an engine cannot be ended within three seconds, {@code DISK}
     *     when the folder cannot be read or a note cannot be removed
     */
    public static int reap(Path stateFolder) throws Failure {
        int reaped = 0;
        for (Path file : PidFile.in(stateFolder)) {
            Optional<PidFile> note = PidFile.read(file);
            if (note.isPresent() && note.get().owner().find().isPresent()) {
                continue;
            }
            if (note.isPresent() && end(note.get())) {
                reaped++;
            }
            PidFile.remove(file);
        }
        return reaped;
    }

    private static boolean end(PidFile note) throws Failure {
        Set<ProcessHandle> family = new LinkedHashSet<>();
        note.engine()
                .flatMap(ProcessIdentity::find)
                .filter(process ->
                        !note.command().isEmpty() && PidFile.commandOf(process).equals(note.command()))
                .ifPresent(engine -> {
                    engine.descendants().forEach(family::add);
                    family.add(engine);
                });
        family.addAll(EngineProcessTree.marked(note.mark()));
        List<ProcessIdentity> alive = family.stream()
                .flatMap(process -> ProcessIdentity.of(process).stream())
                .toList();
        if (alive.isEmpty()) {
            return false;
        }
        LOG.warnf("ending litestream, which outlived its service: %s", alive);
        family.forEach(ProcessHandle::destroyForcibly);
        family.forEach(OrphanReaper::await);
        for (ProcessIdentity process : alive) {
            if (process.find().isPresent()) {
                throw new Failure(
                        FailureKind.BUSY,
                        "litestream, process " + process.pid() + ", outlived its service and does not end",
                        "End that process by hand; it may belong to another user.");
            }
        }
        return true;
    }

    private static void await(ProcessHandle process) {
        try {
            process.onExit().get(KILL_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException | ExecutionException e) {
            // Dead but not reaped by its new parent looks the same to Java; the caller looks closer.
            LOG.debugf(e, "process %d was not seen to end", process.pid());
        }
    }
}
