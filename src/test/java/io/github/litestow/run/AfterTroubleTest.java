package io.github.litestow.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.config.ReplicaUrl;
import io.github.litestow.host.Host;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.report.BackupState;
import io.github.litestow.s3.FaultProxy;
import io.github.litestow.s3.FaultProxy.Fault;
import io.github.litestow.s3.FaultProxy.Request;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A database that stays: once trouble with its bucket is over, the next slot is well by itself, changed or not. */
@Timeout(180)
class AfterTroubleTest extends OverVersity {
    private static final Fault DENIED = FaultProxy.error(403, "AccessDenied", "Access Denied");

    private volatile Predicate<Request> troubled = request -> false;
    private volatile Fault trouble = DENIED;
    private FaultProxy proxy;
    private Host host;

    @BeforeEach
    void a_database_that_nobody_changes() throws Exception {
        proxy = new FaultProxy(
                        server.endpoint(), request -> troubled.test(request) ? Optional.of(trouble) : Optional.empty())
                .start();
        host = new Host(temp.resolve("host"), temp.resolve("unused"));
        host.with("leaseTime", Duration.ofMinutes(30));
        host.inBucket(proxy.endpoint(), "after" + System.nanoTime());
        host.file().withRows("DELETE", 500);
        host.offload();
        host.restore();
        host.with("snapshot.deleteLocal", false);
        host.database().lease().keep("test");
        assertThat(host.snapshot()).isInstanceOf(Outcome.Unchanged.class);
    }

    @AfterEach
    void end() throws IOException {
        host.stop();
        proxy.close();
    }

    private void assertWell() {
        assertThat(host.snapshot().failure()).isEmpty();
        assertThat(host.status().lastFailure()).isEmpty();
        assertThat(host.status().backup().state()).isEqualTo(BackupState.FRESH);
    }

    @Test
    void keys_that_were_refused_and_are_not_any_more() {
        troubled = request -> true;
        Host.assertFailed(host.snapshot(), FailureKind.ACCESS_DENIED);

        troubled = request -> false;
        assertWell();
    }

    @Test
    void a_replica_that_is_another_one_although_it_ends_alike() throws Exception {
        Host other = new Host(temp.resolve("other"), temp.resolve("unused"));
        String path = "other" + System.nanoTime();
        other.inBucket(proxy.endpoint(), path);
        other.file().withRows("DELETE", 400);
        other.offload();
        ReplicaUrl own = host.settings().replica();

        host.inBucket(proxy.endpoint(), path);
        Host.assertFailed(host.snapshot(), FailureKind.REFUSED);

        host.with(own, host.settings().s3());
        assertWell();
    }

    @Test
    void a_listing_that_does_not_show_what_was_just_uploaded() {
        host.file().addRow();
        trouble = FaultProxy.changingBody(
                body -> body.replaceAll("<Contents>(?:(?!</Contents>).)*-0000000000000002.ltx.*?</Contents>", ""));
        troubled = Request::lists;
        Host.assertFailed(host.snapshot(), FailureKind.PROOF_FAILED);
        assertThat(host.file().exists()).isTrue();

        troubled = request -> false;
        assertWell();
        host.file().addRow();
        assertWell();
    }
}
