package io.github.litestow.replica;

import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
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
 * Finds out whether a store decides races: lets some writers create the same throw-away object, and
 * some replace it. One that fails has been caught; one that passes may have been lucky, so they race
 * more than once (s3proxy 4.1.0 lets two of eight replace the same version in a quarter of the
 * races, and decides creation always).
 */
final class S3Races {
    private static final Logger LOG = Logger.getLogger(S3Races.class);
    private static final int WRITERS = 8;
    private static final int REPLACEMENTS = 5;

    private final S3Store store;
    private Optional<Boolean> decided = Optional.empty();

    S3Races(S3Store store) {
        this.store = store;
    }

    /** Returns whether exactly one writer won each race; asks the store the first time only. */
    synchronized boolean decided() throws Failure {
        if (decided.isEmpty()) {
            decided = Optional.of(race());
        }
        return decided.get();
    }

    private boolean race() throws Failure {
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
            forget(key);
        }
    }

    private static byte[] body(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private void forget(String key) {
        try {
            store.forget(key);
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
            FutureTask<Boolean> task = new FutureTask<>(() -> {
                start.await();
                return write.call();
            });
            tasks.add(task);
            Thread thread = new Thread(task, "replica-race");
            thread.setDaemon(true);
            thread.start();
        }
        int winners = 0;
        for (FutureTask<Boolean> task : tasks) {
            winners += outcome(task) ? 1 : 0;
        }
        return winners;
    }

    private static boolean outcome(FutureTask<Boolean> task) throws Failure {
        try {
            return task.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure(
                    FailureKind.TIMEOUT, "looking whether the store decides races was stopped", "Run it again.", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Failure failure) {
                throw failure;
            }
            throw new IllegalStateException("a race ended in a defect", e);
        }
    }
}
