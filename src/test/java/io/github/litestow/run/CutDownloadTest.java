package io.github.litestow.run;

import static io.github.litestow.host.Host.assertFailed;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.host.Host;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.run.restore.RestoreRequest;
import io.github.litestow.s3.FaultProxy;
import io.github.litestow.s3.FaultProxy.Request;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A connection that is cut is no damaged replica. */
class CutDownloadTest extends OverVersity {
    private final AtomicInteger downloads = new AtomicInteger();
    private volatile int cut;
    private FaultProxy proxy;
    private Host host;

    @BeforeEach
    void aReplicaWithTwoPointsAndANewRow() throws IOException {
        proxy = new FaultProxy(
                        server.endpoint(),
                        request -> downloads(request) && downloads.incrementAndGet() <= cut
                                ? Optional.of(FaultProxy.cutAnswer())
                                : Optional.empty())
                .start();
        host = new Host(temp.resolve("host"), temp.resolve("unused"));
        host.inBucket(proxy.endpoint(), "cuts/" + temp.getFileName());
        host.file().withRows("WAL", 3_000);
        host.offload();
        host.restore();
        host.file().addRow();
        host.offload();
        host.restore();
        host.file().addRow();
    }

    @AfterEach
    void closeProxy() throws IOException {
        proxy.close();
    }

    /** The engine's own downloads; ours ask for ranges. */
    private static boolean downloads(Request request) {
        return request.method().equals("GET")
                && request.target().contains(".ltx")
                && request.header("user-agent")
                        .filter(agent -> agent.contains("aws-sdk-go"))
                        .isPresent();
    }

    private void cutNext(int number) {
        downloads.set(0);
        cut = number;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void a_download_that_is_cut_is_tried_again(int times) {
        String content = host.file().content();
        cutNext(times);
        host.offload();
        assertThat(downloads.get()).isGreaterThan(times);
        assertThat(host.restoredContent()).isEqualTo(content);
    }

    @Test
    void downloads_that_are_always_cut_are_an_unreachable_replica_and_no_point_is_lost() throws Exception {
        List<?> points = host.database().replica().points();
        cutNext(Integer.MAX_VALUE);

        assertFailed(host.snapshot(), FailureKind.REPLICA_UNREACHABLE);

        cutNext(0);
        // What was uploaded without a download may have been added: confirmed, and not proven.
        assertThat(host.database().replica().points().subList(0, points.size())).isEqualTo(points);
        host.offload();
    }

    @Test
    void a_restore_whose_downloads_are_cut_falls_back_to_nothing_older() throws Exception {
        host.offload();
        List<?> points = host.database().replica().points();
        cutNext(Integer.MAX_VALUE);

        assertFailed(host.restore(RestoreRequest.atStart(false, true)), FailureKind.REPLICA_UNREACHABLE);

        cutNext(0);
        assertThat(host.database().replica().points()).isEqualTo(points);
        assertThat(host.restore()).isInstanceOf(Outcome.Restored.class);
    }
}
