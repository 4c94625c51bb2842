package io.github.litestow.run;

import static io.github.litestow.host.Host.assertFailed;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.host.Host;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.s3.FaultProxy;
import io.github.litestow.s3.FaultProxy.Fault;
import io.github.litestow.s3.FaultProxy.Request;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Trouble that only the engine's own upload meets: the database stays until a whole one is proven. */
class UploadTroubleTest extends OverVersity {
    private final AtomicInteger uploads = new AtomicInteger();
    private volatile int troubled;
    private volatile Optional<Fault> fault = Optional.empty();
    private FaultProxy proxy;
    private Host host;
    private String content;

    @BeforeEach
    void aDatabaseAndAStoreInTrouble() throws IOException {
        proxy = new FaultProxy(server.endpoint(), this::trouble).start();
        host = new Host(temp.resolve("host"), temp.resolve("unused"));
        host.inBucket(proxy.endpoint(), "troubles/" + temp.getFileName());
        host.file().withRows("WAL", 20_000);
        content = host.file().content();
    }

    @AfterEach
    void closeProxy() throws IOException {
        proxy.close();
    }

    private static boolean uploads(Request request) {
        return request.method().equals("PUT") && request.target().contains(".ltx");
    }

    private Optional<Fault> trouble(Request request) {
        return fault.isPresent() && uploads(request) && uploads.incrementAndGet() <= troubled
                ? fault
                : Optional.empty();
    }

    private void first(int requests, Fault trouble) {
        troubled = requests;
        fault = Optional.of(trouble);
    }

    private void within(Duration timeout) {
        host.with("snapshot.timeout", timeout);
    }

    private void assertComesThrough() {
        assertThat(uploads.get()).as("troubled uploads").isPositive();
        Outcome outcome = host.snapshot();
        assertThat(outcome).isInstanceOf(Outcome.Offloaded.class);
        assertThat(host.restoredContent()).isEqualTo(content);
    }

    private void assertEndsWell(Outcome outcome) {
        assertThat(uploads.get()).as("troubled uploads").isPositive();
        if (outcome instanceof Outcome.Failed) {
            assertThat(host.file().content()).isEqualTo(content);
            assertComesThrough();
        } else {
            assertThat(outcome).isInstanceOf(Outcome.Offloaded.class);
            assertThat(host.restoredContent()).isEqualTo(content);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 50, 99})
    void an_upload_that_is_cut_once_is_made_good(int percent) {
        proxy.cutsAt(request ->
                uploads(request) && uploads.incrementAndGet() <= 1 ? Optional.of(percent) : Optional.empty());
        assertEndsWell(host.snapshot());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 50, 99})
    void an_upload_that_is_always_cut_fails_in_time_and_the_database_stays(int percent) {
        within(Duration.ofSeconds(3));
        proxy.cutsAt(request -> {
            boolean upload = uploads(request);
            uploads.addAndGet(upload ? 1 : 0);
            return upload ? Optional.of(percent) : Optional.empty();
        });

        assertThat(host.snapshot()).isInstanceOf(Outcome.Failed.class);
        assertThat(host.file().content()).isEqualTo(content);

        proxy.cutsAt(request -> Optional.empty());
        within(Duration.ofMinutes(1));
        assertComesThrough();
    }

    @ParameterizedTest
    @ValueSource(ints = {503, 429})
    void a_burst_of_refusals_is_waited_out_or_named(int status) {
        first(2, FaultProxy.error(status, "SlowDown", "Please reduce your request rate."));
        assertEndsWell(host.snapshot());
    }

    @Test
    void an_upload_without_an_answer_ends_at_the_deadline_and_the_database_stays() {
        within(Duration.ofSeconds(3));
        first(Integer.MAX_VALUE, FaultProxy.hang());

        assertFailed(host.snapshot(), FailureKind.TIMEOUT);
        assertThat(host.file().content()).isEqualTo(content);

        fault = Optional.empty();
        within(Duration.ofMinutes(1));
        assertComesThrough();
    }

    @Test
    void an_upload_that_is_acknowledged_and_absent_is_no_backup() {
        first(Integer.MAX_VALUE, FaultProxy.answer(200, "application/xml", "", "ETag: \"0123456789abcdef\""));

        assertFailed(host.snapshot(), FailureKind.PROOF_FAILED);
        assertThat(host.file().content()).isEqualTo(content);

        fault = Optional.empty();
        assertComesThrough();
    }

    @Test
    void a_slow_link_is_no_trouble() {
        first(Integer.MAX_VALUE, FaultProxy.slowly(() -> 2_000_000));
        assertThat(host.snapshot()).isInstanceOf(Outcome.Offloaded.class);
        assertThat(host.restoredContent()).isEqualTo(content);
    }
}
