package io.github.litestow.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.litestow.host.Host;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Operation;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.run.LaunchMode;
import io.github.litestow.run.Pauses;
import io.github.litestow.run.SnapshotSlots;
import io.github.litestow.run.StartLook;
import io.github.litestow.sqlite.StateFolder;
import io.quarkus.scheduler.ScheduledExecution;
import io.quarkus.scheduler.Scheduler;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a slot, whatever its database is doing. */
@Timeout(60)
class CronSlotsTest {
    @TempDir
    Path temp;

    private final CountDownLatch hanging = new CountDownLatch(1);
    private Host host;
    private SnapshotScheduler cron;
    private Consumer<ScheduledExecution> task;

    @BeforeEach
    void a_database_that_cron_has() {
        host = new Host(temp.resolve("host"), temp.resolve("replica"));
        host.with("snapshot.cron", Optional.of("* * * * * ?"));
        host.file().withRows("WAL", 1);
        LaunchMode mode = new LaunchMode("serve", "localhost", 8080);
        cron = new SnapshotScheduler(
                scheduler(),
                host.runs(),
                host.snapshots(),
                new GroupSlots(null, null, host.snapshots(), Clock.systemUTC(), mode),
                Clock.systemUTC(),
                mode);
        cron.schedule(host.database());
    }

    @AfterEach
    void nothingRuns() {
        hanging.countDown();
        cron.close();
        // A slot that was taken just now may not have begun its run, which still writes in the folder.
        await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("cron ")));
        host.stop();
    }

    private Scheduler scheduler() {
        return proxy(
                Scheduler.class,
                (scheduler, method, arguments) ->
                        method.getName().equals("newJob") ? proxy(Scheduler.JobDefinition.class, this::define) : null);
    }

    @SuppressWarnings("unchecked")
    private Object define(Object definition, Method method, Object[] arguments) {
        if (method.getName().equals("setTask")) {
            task = (Consumer<ScheduledExecution>) arguments[0];
        }
        return method.getName().equals("schedule") ? null : definition;
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private void slot() {
        task.accept(proxy(
                ScheduledExecution.class,
                (execution, method, arguments) -> method.getName().equals("getScheduledFireTime")
                        ? Instant.parse("2026-11-21T14:00:00Z")
                        : null));
    }

    private void hang() {
        try {
            hanging.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void a_slot_takes_no_thread_of_the_scheduler_and_is_skipped_while_the_former_ones_run_works() {
        host.database().markReady();
        host.engine().beforeReplicate(this::hang);

        slot();
        await().until(() -> host.engine().calls().contains("replicate with snapshot")
                || host.engine().calls().contains("replicate"));
        slot();

        assertThat(host.lastRun().result()).isEqualTo(new Outcome.Skipped("another run is working on this database"));
        hanging.countDown();
        await().until(() -> host.lastRun().result() instanceof Outcome.Offloaded);
        // A run is seen to have ended just before its slot is free again.
        await().until(() -> {
            slot();
            return host.lastRun().result() instanceof Outcome.NothingToSnapshot;
        });
    }

    @Test
    void a_slot_of_a_paused_database_is_skipped_and_nothing_makes_up_for_it() throws Failure {
        host.database().markReady();
        host.snapshot();
        host.engine().forget();
        new Pauses(Clock.systemUTC(), new LaunchMode("serve", "localhost", 8080)).set(host.database(), true);

        slot();
        assertThat(host.lastRun().result()).isEqualTo(new Outcome.Skipped("the database is paused"));
        await().until(() -> host.database()
                .settings()
                .schedule()
                .flatMap(when -> SnapshotSlots.missed(when, host.database().journal(), Instant.now()))
                .isPresent());
        cron.makeUp(host.database(), false);

        assertThat(host.engine().calls()).isEmpty();
        assertThat(host.lastRun().result()).isEqualTo(new Outcome.Skipped("the database is paused"));
    }

    @Test
    void what_was_damaged_while_no_service_was_there_is_told_of_before_the_first_slot() throws Exception {
        StateFolder.ensure(host.settings());
        host.file()
                .execute(
                        "PRAGMA journal_mode=DELETE",
                        "CREATE TABLE more AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
                                + " WHERE i < 5000) SELECT i, hex(randomblob(50)) FROM n");
        assertThat(StartLook.findsDamage(host.database(), "test")).isFalse();
        try (FileChannel cut = FileChannel.open(host.file().file(), StandardOpenOption.WRITE)) {
            cut.truncate(cut.size() / 2 / 4096 * 4096);
        }

        cron.makeUp(host.database(), StartLook.findsDamage(host.database(), "test"));

        Host.assertFailed(host.lastRun().result(), FailureKind.SOURCE_DAMAGED);
        assertThat(host.database().journal().state().lastFailure()).containsKey(Operation.VERIFY);
    }

    @Test
    void a_slot_before_the_database_was_restored_is_skipped() {
        slot();
        assertThat(host.lastRun().result()).isInstanceOf(Outcome.Skipped.class);
        assertThat(host.engine().calls()).isEmpty();
    }
}
