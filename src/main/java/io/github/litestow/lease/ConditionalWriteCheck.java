package io.github.litestow.lease;

import io.github.litestow.control.DaemonThreads;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.store.ReplicaStore;
import io.github.litestow.store.StoredObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.IntFunction;
import org.jboss.logging.Logger;

/**
 * Finds out whether a store's conditional writes can be relied on: lets some writers create the same
 * throw-away object, and some replace it. One that fails has been caught; one that passes may have been lucky, so they race
 * more than once (s3proxy 4.1.0 lets two of eight replace the same version in a quarter of the
 * races, and decides creation always).
 */
public final class ConditionalWriteCheck {
    private static final Logger LOG = Logger.getLogger(ConditionalWriteCheck.class);
    private static final int WRITERS = 8;
    private static final int REPLACEMENTS = 5;

    private final ReplicaStore store;

    private ConditionalWriteCheck(ReplicaStore store) {
        this.store = store;
    }

    /**
     * Returns whether exactly one writer won each race. Costs some sixty requests; without a store of
     * our own there is nothing to rely on.
     *
     * @throws Failure when the store cannot be written or read
     */
    public static boolean passes(ReplicaStore store) throws Failure {
        return store.keepsObjects() && new ConditionalWriteCheck(store).oneWinsEachRace() && store.conditionalWrites();
    }

    private boolean oneWinsEachRace() throws Failure {
        String key = "litestow/.race-" + UUID.randomUUID();
        try {
            boolean decided = winners(number -> () -> store.create(key, body("create " + number))) == 1
                    && !store.create(key, body("too late"));
            for (int race = 1; decided && race <= REPLACEMENTS; race++) {
                String text = "replace " + race + " ";
                Optional<StoredObject> now = store.read(key);
                String version = now.map(StoredObject::version).orElse("");
                decided = now.isPresent()
                        && winners(number -> () -> store.replace(key, body(text + number), version)) == 1
                        && !store.replace(key, body("too late"), version);
            }
            return decided;
        } finally {
            cleanUp(key);
        }
    }

    private static byte[] body(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private void cleanUp(String key) {
        try {
            store.deleteObject(key);
        } catch (Failure e) {
            // Keys that may not delete are as good as others; some bytes stay at the replica.
            LOG.debugf(e, "%s stays", key);
        }
    }

    private static int winners(IntFunction<Callable<Boolean>> writer) throws Failure {
        CyclicBarrier start = new CyclicBarrier(WRITERS);
        List<FutureTask<Boolean>> tasks = new ArrayList<>();
        for (int number = 0; number < WRITERS; number++) {
            Callable<Boolean> write = writer.apply(number);
            tasks.add(new FutureTask<>(() -> {
                start.await();
                return write.call();
            }));
        }
        int winners = 0;
        try (DaemonThreads racers = new DaemonThreads("replica race", WRITERS)) {
            tasks.forEach(racers::execute);
            for (FutureTask<Boolean> task : tasks) {
                winners += outcome(task) ? 1 : 0;
            }
        }
        return winners;
    }

    private static boolean outcome(FutureTask<Boolean> task) throws Failure {
        try {
            return task.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure(
                    FailureKind.TIMEOUT, "testing the store's conditional writes was stopped", "Run it again.", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Failure failure) {
                throw failure;
            }
            throw new IllegalStateException("a race ended in a defect", e);
        }
    }
}
