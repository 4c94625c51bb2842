package io.github.litestow.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.litestow.LitestowConfig.Retention;
import io.github.litestow.config.TestConfig;
import io.github.litestow.difference.PageIndex;
import io.github.litestow.host.Host;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.outcome.ReplicaFile;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.run.prune.PruneReport;
import io.github.litestow.run.restore.RestoreRequest;
import io.github.litestow.s3.FaultProxy;
import io.github.litestow.s3.FaultProxy.Fault;
import io.github.litestow.s3.FaultProxy.Request;
import io.github.litestow.s3.S3Server;
import io.github.litestow.s3.VersityServer;
import io.github.litestow.sqlite.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pruning in a bucket: bounded, never in a restore's way, and never a reason for a backup to fail. */
class PruningOverS3Test {
    /** In every build; {@code bench/soak} and {@code bench/bucket} have more. */
    private static final int CYCLES = Integer.getInteger("litestow.test.cycles", 9);

    private static final Retention NOTHING_OLD = TestConfig.retention(Duration.ZERO, 1, Duration.ZERO);

    @TempDir
    Path temp;

    private S3Server server;
    private final List<FaultProxy> proxies = new ArrayList<>();
    private final CountDownLatch released = new CountDownLatch(1);

    @BeforeEach
    void aBucket() {
        server = VersityServer.start(temp.resolve("server"));
    }

    @AfterEach
    void end() throws IOException {
        released.countDown();
        for (FaultProxy proxy : proxies) {
            proxy.close();
        }
        server.close();
    }

    private Host host(String name, Retention retention, Function<Request, Optional<Fault>> rule) throws IOException {
        FaultProxy proxy = new FaultProxy(server.endpoint(), rule).start();
        proxies.add(proxy);
        Host host = new Host(temp.resolve(name), temp.resolve("unused"));
        host.with(retention);
        // A loaded machine renews a short one too late.
        host.with("leaseTime", Duration.ofMinutes(1));
        host.inBucket(proxy.endpoint());
        return host;
    }

    private static Function<Request, Optional<Fault>> deletes(Fault fault) {
        return request -> request.method().equals("DELETE") ? Optional.of(fault) : Optional.empty();
    }

    /** Changes the database and offloads it; returns the point. */
    private static RestorePoint cycle(Host host) {
        if (host.file().exists()) {
            host.file().addRow();
        } else {
            host.file().withRows("WAL", 300);
        }
        RestorePoint point = host.offload().point();
        assertThat(host.restore()).isInstanceOf(Outcome.Restored.class);
        return point;
    }

    private Outcome restoreTo(Host host, RestorePoint point, Path file) {
        return host.restore(new RestoreRequest(
                "test",
                new RestoreRequest.Point(Optional.of(point.txid()), Optional.empty()),
                new RestoreRequest.Target(Optional.of(file), false, false),
                false,
                false));
    }

    @Test
    void after_many_cycles_the_bucket_holds_no_more_than_after_a_few_and_every_point_it_offers_restores()
            throws Exception {
        Host host = host("host", TestConfig.retention(Duration.ZERO, 3, Duration.ZERO), request -> Optional.empty());
        Map<String, String> contents = new HashMap<>();
        List<Integer> objects = new ArrayList<>();
        List<Long> bytes = new ArrayList<>();
        for (int cycle = 0; cycle < CYCLES; cycle++) {
            if (cycle % 2 == 0) {
                // Everything is uploaded, so that nothing before is needed any more.
                Files.deleteIfExists(PageIndex.place(host.settings()));
            }
            String txid = cycle(host).txid();
            contents.put(txid, host.file().content());
            List<ReplicaFile> files = host.database().replica().files();
            objects.add(files.size());
            bytes.add(files.stream().mapToLong(ReplicaFile::bytes).sum());
        }
        assertThat(Collections.max(late(objects))).isLessThanOrEqualTo(Collections.max(early(objects)));
        // The rows that were added weigh a little.
        assertThat(Collections.max(late(bytes))).isLessThanOrEqualTo(Collections.max(early(bytes)) * 11 / 10);
        List<RestorePoint> points = host.database().replica().points();
        assertThat(points).hasSizeBetween(3, 5);
        for (RestorePoint point : points) {
            Path file = temp.resolve(point.txid() + ".db");
            assertThat(restoreTo(host, point, file)).isInstanceOf(Outcome.Restored.class);
            assertThat(TestDatabase.at(file).content()).isEqualTo(contents.get(point.txid()));
        }
    }

    /** Of the first cycles in which as many points are there as are kept, one with everything and one without. */
    private static <T> List<T> early(List<T> all) {
        return all.subList(5, 7);
    }

    private static <T> List<T> late(List<T> all) {
        return all.subList(CYCLES - 2, CYCLES);
    }

    @Test
    void a_store_that_refuses_deletes_is_a_warning_and_the_backup_is_proven() throws IOException {
        Host host = host("host", NOTHING_OLD, deletes(FaultProxy.error(403, "AccessDenied", "Access Denied")));
        assertWarnedAndOffloaded(host, "s3:DeleteObject");
        Failure failure = pruning(host);
        assertThat(failure.kind()).isEqualTo(FailureKind.ACCESS_DENIED);
    }

    @Test
    void a_store_that_acknowledges_deletes_and_keeps_the_object_is_a_warning_and_the_backup_is_proven()
            throws IOException {
        Host host = host("host", NOTHING_OLD, deletes(FaultProxy.answer(204, "text/plain", "")));
        assertWarnedAndOffloaded(host, "still has it");
        Failure failure = pruning(host);
        assertThat(failure.kind()).isEqualTo(FailureKind.PROOF_FAILED);
    }

    private static void assertWarnedAndOffloaded(Host host, String words) throws IOException {
        List<RestorePoint> offloaded = new ArrayList<>();
        boolean warned = false;
        for (int cycle = 0; cycle < 2; cycle++) {
            offloaded.add(cycle(host));
            host.file().addRow();
            // Everything is uploaded, so that nothing before is needed any more.
            Files.deleteIfExists(PageIndex.place(host.settings()));
            offloaded.add(host.offload().point());
            warned |= host.lastRun().warnings().stream()
                    .anyMatch(warning -> warning.contains("not pruned") && warning.contains(words));
            assertThat(host.restore()).isInstanceOf(Outcome.Restored.class);
        }
        assertThat(warned).isTrue();
        assertThat(offloaded).hasSize(4);
    }

    private static Failure pruning(Host host) {
        return Assertions.catchThrowableOfType(
                Failure.class, () -> host.prunes().prune(host.database(), false));
    }

    @Test
    void a_restore_of_a_point_that_becomes_unwanted_meanwhile_is_not_disturbed() throws Exception {
        Retention retention = TestConfig.retention(Duration.ZERO, 1, Duration.ofHours(1));
        Host writer = host("writer", retention, request -> Optional.empty());
        cycle(writer);
        writer.later(Duration.ofHours(2));
        RestorePoint old = cycle(writer);
        String content = writer.file().content();

        CountDownLatch reading = new CountDownLatch(1);
        Host reader = host("reader", retention, request -> {
            if (request.method().equals("GET") && request.target().matches(".*/0000/.*ltx.*")) {
                reading.countDown();
                hold();
            }
            return Optional.empty();
        });
        Path file = temp.resolve("restored.db");
        CompletableFuture<Outcome> restore = CompletableFuture.supplyAsync(() -> restoreTo(reader, old, file));
        assertThat(reading.await(30, TimeUnit.SECONDS)).isTrue();
        for (int cycle = 0; cycle < 3; cycle++) {
            writer.later(Duration.ofMinutes(10));
            // Everything is uploaded, so that nothing before is needed any more.
            Files.deleteIfExists(PageIndex.place(writer.settings()));
            cycle(writer);
        }
        assertThat(restore).isNotDone();
        released.countDown();

        await().atMost(Duration.ofSeconds(30)).until(restore::isDone);
        assertThat(restore.join()).isInstanceOf(Outcome.Restored.class);
        assertThat(TestDatabase.at(file).content()).isEqualTo(content);
        // What protected it was the grace, which ends.
        writer.later(Duration.ofHours(3));
        PruneReport would = writer.prunes().prune(writer.database(), true);
        assertThat(would.restorePointsLost()).extracting(RestorePoint::txid).contains(old.txid());
        assertThat(would.bytes()).isPositive();
        assertThat(writer.database().replica().points()).contains(old);
        PruneReport pruned = writer.prunes().prune(writer.database(), false);
        assertThat(pruned.files()).isEqualTo(would.files());
        assertThat(writer.database().replica().points())
                .isEqualTo(pruned.kept().stream().map(PruneReport.Kept::point).toList())
                .doesNotContain(old);
        assertThat(pruned.kept()).allSatisfy(kept -> assertThat(kept.why()).isNotBlank());
    }

    private void hold() {
        try {
            assertThat(released.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
