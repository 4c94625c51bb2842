package io.github.litestow.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.host.Host;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.s3.FaultProxy;
import io.github.litestow.s3.FaultProxy.Fault;
import io.github.litestow.s3.FaultProxy.Request;
import io.github.litestow.s3.S3Server;
import io.github.litestow.s3.VersityServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What changed is put into a bucket, on condition, and found there whatever became of the answer. */
@Timeout(180)
class DifferenceOverS3Test {
    private static final Fault LOST = FaultProxy.loseAnswer();

    @TempDir
    Path temp;

    private S3Server server;
    private FaultProxy proxy;
    private Host host;
    private volatile Function<Request, Optional<Fault>> rule = request -> Optional.empty();

    @BeforeEach
    void a_restored_database_to_which_a_row_was_added() throws IOException {
        Files.createDirectories(temp.resolve("s3"));
        // Not s3proxy, which lets two of many replace the same version: nothing is put on condition there.
        server = VersityServer.start(temp.resolve("s3"));
        proxy = new FaultProxy(server.endpoint(), request -> rule.apply(request)).start();
        host = new Host(temp.resolve("host"), temp.resolve("unused"));
        host.with("leaseTime", Duration.ofSeconds(30));
        host.inBucket(proxy.endpoint());
        host.file().withRows("WAL", 2_000);
        host.offload();
        host.restore();
        host.file().addRow();
        host.engine().forget();
    }

    @AfterEach
    void end() throws IOException {
        proxy.close();
        server.close();
    }

    private static boolean puts(Request request) {
        return request.method().equals("PUT") && request.target().contains("/0000/");
    }

    @Test
    void only_what_changed_is_put_on_condition() {
        AtomicInteger conditional = new AtomicInteger();
        rule = request -> {
            if (puts(request)
                    && request.header("if-none-match").filter("*"::equals).isPresent()) {
                conditional.incrementAndGet();
            }
            return Optional.empty();
        };
        String content = host.file().content();

        host.offload();

        assertThat(conditional).hasValue(1);
        assertThat(host.engine().calls()).containsExactly("restore");
        assertThat(host.lastRun().statistics().uploadedBytes().orElseThrow()).isLessThan(20_000);
        assertThat(host.restoredContent()).isEqualTo(content);
    }

    @Test
    void a_lost_answer_is_no_other_writer() {
        AtomicInteger lost = new AtomicInteger();
        rule = request -> puts(request) && lost.incrementAndGet() == 1 ? Optional.of(LOST) : Optional.empty();
        String content = host.file().content();

        host.offload();

        assertThat(lost).hasValueGreaterThan(1);
        assertThat(host.engine().calls()).containsExactly("restore");
        assertThat(host.restoredContent()).isEqualTo(content);
    }

    @Test
    void answers_that_are_all_lost_are_made_good_by_a_look_and_what_was_put_is_proven() {
        String content = host.file().content();
        rule = request -> puts(request) ? Optional.of(LOST) : Optional.empty();

        host.offload();

        rule = request -> Optional.empty();
        assertThat(host.restoredContent()).isEqualTo(content);
    }

    @Test
    void answers_that_are_all_lost_and_looks_too_fail_the_run_and_the_next_knows_the_head_for_its_own() {
        rule = request -> puts(request) || looks(request) ? Optional.of(LOST) : Optional.empty();
        Outcome outcome = host.snapshot();
        assertThat(outcome.failure()).as(outcome.toString()).isPresent();
        rule = request -> Optional.empty();
        host.file().addRow();
        String content = host.file().content();

        host.offload();

        assertThat(host.restoredContent()).isEqualTo(content);
    }

    private static boolean looks(Request request) {
        return request.method().equals("HEAD") && request.target().contains("/0000/");
    }
}
