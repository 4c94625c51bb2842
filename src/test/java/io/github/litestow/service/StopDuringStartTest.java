package io.github.litestow.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.litestow.control.DaemonThreads;
import io.github.litestow.host.Host;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A service that is stopped while it restores at its start. */
class StopDuringStartTest {
    private static final String RUNS = "restores that are stopped";

    @TempDir
    Path temp;

    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Handler log = new Handler() {
        @Override
        public void publish(LogRecord line) {
            lines.add(line.getMessage());
        }

        @Override
        public void flush() {
            // Nothing is kept back.
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    };

    @Test
    void no_next_attempt_is_promised() {
        Host host = new Host(temp.resolve("host"), temp.resolve("replica"));
        host.file().withRows("WAL", 3);
        host.offload();
        host.restart();
        DaemonThreads steps = new DaemonThreads("steps that are stopped", 1);
        DaemonThreads runs = new DaemonThreads(RUNS, 1);
        host.engine().beforeRestore(() -> {
            steps.close();
            runs.close();
            throw new IllegalStateException("stopped");
        });
        Logger logger = Logger.getLogger(DatabaseStart.class.getName());
        logger.addHandler(log);
        try {
            new DatabaseStart(host.database(), host.restores(), null, "test", steps, runs).begin();

            await().until(() -> runs.closed()
                    && Thread.getAllStackTraces().keySet().stream()
                            .noneMatch(thread -> thread.getName().equals(RUNS)));
        } finally {
            logger.removeHandler(log);
            host.stop();
        }
        assertThat(host.lastRun().result().failure()).isPresent();
        assertThat(lines).noneMatch(line -> line.contains("next attempt"));
    }
}
