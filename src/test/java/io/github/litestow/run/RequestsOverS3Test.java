package io.github.litestow.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.host.Host;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.s3.FaultProxy;
import io.github.litestow.s3.FaultProxy.Fault;
import io.github.litestow.s3.FaultProxy.Request;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a run of a service asks of a bucket, beside the engine's own requests: docs/cost.md says how often. */
@Timeout(180)
class RequestsOverS3Test extends OverVersity {
    private static final Fault DENIED =
            FaultProxy.answer(403, "application/xml", "<Error><Code>AccessDenied</Code></Error>");

    private volatile boolean denied;
    private FaultProxy proxy;
    private Host host;

    @BeforeEach
    void a_database_in_a_bucket() throws Exception {
        proxy = new FaultProxy(server.endpoint(), request -> denied ? Optional.of(DENIED) : Optional.empty()).start();
        host = new Host(temp.resolve("host"), temp.resolve("unused"));
        // No beat comes in between.
        host.with("leaseTime", Duration.ofMinutes(30));
        host.inBucket(proxy.endpoint(), "requests" + System.nanoTime());
        host.file().withRows("WAL", 500);
    }

    /** From here on as in a service that is ready. */
    private void deletes(boolean local) throws Exception {
        host.with("snapshot.deleteLocal", local);
        host.database().lease().keep("test");
    }

    @AfterEach
    void end() throws IOException {
        proxy.close();
    }

    /** What our own client asked, in order, without where the replica is. */
    private List<String> asked(Runnable run) {
        int before = proxy.seen().size();
        run.run();
        return proxy.seen().subList(before, proxy.seen().size()).stream()
                .filter(request -> request.header("user-agent").orElse("").contains("aws-sdk-java"))
                .map(RequestsOverS3Test::words)
                .toList();
    }

    private static String words(Request request) {
        if (request.lists()) {
            return "LIST";
        }
        return request.method() + " " + request.target().replaceAll("^/[^/]+/[^/]+/|[?].*", "");
    }

    private void keeps() {
        Outcome outcome = host.snapshot();
        assertThat(outcome).isInstanceOf(Outcome.Snapshotted.class);
    }

    @Test
    void a_changed_database_that_stays_asks_for_each_fact_once_and_declares_what_comes() throws Exception {
        deletes(false);
        keeps();
        host.file().addRow();
        keeps();
        host.file().addRow();

        assertThat(asked(this::keeps))
                .containsExactly(
                        "LIST",
                        "GET litestow/identity.json",
                        "PUT litestow/lease.json",
                        "LIST",
                        "GET litestow/proofs.json",
                        "GET litestow/proofs.json",
                        "PUT litestow/proofs.json");
    }

    @Test
    void an_offload_looks_again_after_whatever_it_proves() throws Exception {
        deletes(true);
        host.offload();
        host.restore();
        host.file().addRow();

        List<String> asked = asked(host::offload);

        assertThat(asked).doesNotContain("PUT litestow/.probe", "GET litestow/lease.json");
        assertThat(asked).filteredOn("LIST"::equals).hasSize(4);
        assertThat(asked).filteredOn("PUT litestow/lease.json"::equals).hasSize(3);
        assertThat(asked).filteredOn("GET litestow/identity.json"::equals).hasSize(1);
        String file = asked.stream()
                .filter(one -> one.startsWith("PUT 0000/"))
                .findFirst()
                .orElseThrow();
        assertThat(asked.subList(asked.indexOf(file), asked.size()))
                .as("confirmed by a listing, and held against its files after the restore, in %s", asked)
                .containsSubsequence(
                        file,
                        "LIST",
                        file.replace("PUT", "GET"),
                        "LIST",
                        file.replace("PUT", "GET"),
                        "PUT litestow/lease.json");
    }

    @Test
    void after_a_run_that_failed_the_store_is_tried_before_anything_else() throws Exception {
        deletes(false);
        keeps();
        host.file().addRow();
        denied = true;
        assertThat(host.snapshot().failure()).isPresent();
        denied = false;

        assertThat(asked(this::keeps)).contains("PUT litestow/.probe");
    }

    @Test
    void a_database_that_changes_all_the_time_has_its_store_tried_again_after_an_hour() throws Exception {
        deletes(false);
        keeps();
        host.file().addRow();
        host.database().tried(System.nanoTime() - Duration.ofMinutes(61).toNanos());

        assertThat(asked(this::keeps)).contains("PUT litestow/.probe");

        host.file().addRow();
        assertThat(asked(this::keeps)).doesNotContain("PUT litestow/.probe");
    }
}
