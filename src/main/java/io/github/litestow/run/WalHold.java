package io.github.litestow.run;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.control.DaemonThreads;
import io.github.litestow.engine.EnginePosition;
import io.github.litestow.engine.EngineState;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.WalPosition;
import io.github.litestow.sqlite.WalPin;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * What a run holds of its database's WAL, from before the engine reads it (decision records 0010 and
 * 0020). Confined to the run's thread.
 */
public final class WalHold implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(WalHold.class);

    /** From so many pages on the engine (0.5.17) has what it read moved to the main file, and the WAL started over. */
    private static final int PAGES_TO_START_OVER = 1000;

    private static final Duration LOOK_EVERY = Duration.ofMillis(1);

    private final ConfiguredDatabase settings;
    private final boolean stays;
    private final Consumer<Optional<WalPin>> back;
    private Optional<WalPin> pin;
    private boolean still;

    /**
     * Takes over what was held between the runs.
     *
     * @param stays whether it is held between the runs
     * @param back who gets what is held when the run ends
     */
    WalHold(ConfiguredDatabase settings, Optional<WalPin> pin, boolean stays, Consumer<Optional<WalPin>> back) {
        this.settings = settings;
        this.stays = stays;
        this.back = back;
        this.pin = pin;
    }

    /** What is done while the WAL is held. */
    interface Sync {
        void run() throws Failure;
    }

    /**
     * Has the engine upload what is in the WAL, and makes sure before that this is all that was committed
     * since its last transaction. Litestream 0.5.17 does not: a WAL that was started over in between
     * and has not grown as long again is read from its beginning, and what was committed before it was started over
     * is never uploaded.
     *
     * @param gap what has the engine upload everything, when there may be more than the WAL shows
     */
    void around(Sync gap, Sync engine) throws Failure {
        pinWhereItMatters();
        String before = EngineState.newestTxid(settings.engineFolder()).orElse("");
        Optional<WalPin.Later> later = later();
        boolean lost = later.filter(WalPin.Later::lost).isPresent();
        if (lost) {
            everything(gap);
        }
        run(engine);
        if (!lost && later.isPresent() && missed(later.get(), before)) {
            everything(gap);
            run(engine);
        }
        if (stays && !still) {
            renew();
        } else if (!still) {
            closeAsTheEngineDoes();
        }
    }

    private void everything(Sync gap) throws Failure {
        LOG.debugf(
                "%s: the write-ahead log was started over since the last upload, everything is uploaded",
                settings.name());
        gap.run();
    }

    /** What was there when it was looked at must be in the engine's first transaction after that. */
    private boolean missed(WalPin.Later later, String before) throws Failure {
        return later.more()
                && EngineState.walPositionAfter(settings.engineFolder(), before)
                        .filter(at -> at.salts() != later.salts())
                        .isPresent();
    }

    private void run(Sync engine) throws Failure {
        if (pin.isPresent() && !still && pin.get().walBytes() > startsOverFrom()) {
            try (LettingGo watch = new LettingGo(pin.get())) {
                engine.run();
            } finally {
                renew();
            }
        } else {
            engine.run();
        }
    }

    /** From now on nothing that is in the WAL goes, whoever writes or checkpoints, until the run ends. */
    public Optional<WalPin> keepStill() throws Failure {
        still = true;
        pin();
        return pin;
    }

    /** Lets go: somebody is to have the database alone. */
    public void letGo() throws Failure {
        Optional<WalPin> held = pin;
        pin = Optional.empty();
        if (held.isPresent()) {
            held.get().close();
        }
    }

    /** Gives back what is held. */
    @Override
    public void close() {
        back.accept(pin);
        pin = Optional.empty();
    }

    private void pinWhereItMatters() throws Failure {
        if (stays || EngineState.newestTxid(settings.engineFolder()).isPresent()) {
            pin();
        }
    }

    private void pin() throws Failure {
        if (pin.isPresent() && !pin.get().inPlace()) {
            letGo();
        }
        pin = pin.or(() -> WalPin.take(settings));
    }

    private void closeAsTheEngineDoes() throws Failure {
        Optional<WalPin> held = pin;
        pin = Optional.empty();
        if (held.isPresent()) {
            held.get().closeAsTheEngineDoes();
        }
    }

    private void renew() throws Failure {
        if (pin.isPresent() && !pin.get().renew()) {
            letGo();
        }
        // The first upload is what turned it to WAL, for example.
        pinWhereItMatters();
    }

    private Optional<WalPin.Later> later() throws Failure {
        Path engineFolder = settings.engineFolder();
        Optional<WalPosition> last = EngineState.walPosition(engineFolder);
        boolean counts = pin.isPresent() && last.isPresent() && !EnginePosition.isOurs(engineFolder);
        return counts ? pin.get().after(last.get()) : Optional.empty();
    }

    private long startsOverFrom() throws Failure {
        return EngineState.walPosition(settings.engineFolder())
                .map(at -> (long) PAGES_TO_START_OVER * at.pageSize())
                .orElse(Long.MAX_VALUE);
    }

    /**
     * Lets the engine start the WAL over, which it can do when nobody else reads from it: ends our read
     * transaction once the engine has begun to write down what it reads, under one of its own. If that comes
     * too late, the WAL grows on until the next run.
     */
    private final class LettingGo implements AutoCloseable {
        private final WalPin held;
        private final String before;
        private final CountDownLatch ended = new CountDownLatch(1);
        private final CountDownLatch left = new CountDownLatch(1);

        LettingGo(WalPin held) throws Failure {
            this.held = held;
            this.before = EngineState.newestTxid(settings.engineFolder()).orElse("");
            DaemonThreads.start("wal hold", this::watch);
        }

        private void watch() {
            try {
                boolean over = false;
                while (!over) {
                    over = EngineState.writesAfter(settings.engineFolder(), before);
                    if (over) {
                        held.rest();
                    } else {
                        over = ended.await(LOOK_EVERY.toNanos(), TimeUnit.NANOSECONDS);
                    }
                }
            } catch (Failure e) {
                LOG.debugf("%s: the WAL is held on: %s", settings.name(), e.getMessage());
            } catch (InterruptedException e) {
                throw new IllegalStateException("nobody interrupts this thread", e);
            } finally {
                left.countDown();
            }
        }

        @Override
        public void close() {
            ended.countDown();
            try {
                left.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
