package io.github.litestow.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.litestow.config.ReplicaUrl;
import io.github.litestow.host.Host;
import io.github.litestow.lease.ConditionalWriteCheck;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.s3.FaultProxy;
import io.github.litestow.s3.FaultProxy.Fault;
import io.github.litestow.s3.FaultProxy.Request;
import io.github.litestow.s3.S3Server;
import io.github.litestow.s3.VersityServer;
import io.github.litestow.store.StoredObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A refused conditional write is another writer's doing only if the object says so. */
class ConditionalWritesTest {
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final Fault WEAK = FaultProxy.changingETags(tag -> "W/" + tag);
    private static final Fault REWRITTEN = FaultProxy.changingETags(tag -> tag.replaceAll("\"$", "-gzip\""));
    private static final Fault REFUSED = FaultProxy.error(412, "PreconditionFailed", "At least one did not hold");

    @TempDir
    private static Path folder;

    private static S3Server server;

    @TempDir
    Path temp;

    private final List<FaultProxy> proxies = new ArrayList<>();
    private final String path = "conditions-" + NUMBER.incrementAndGet();
    private final String key = "litestow/object.json";

    @BeforeAll
    static void startServer() {
        server = VersityServer.start(folder.resolve("versity"));
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @AfterEach
    void endProxies() throws IOException {
        for (FaultProxy proxy : proxies) {
            proxy.close();
        }
    }

    private FaultProxy proxy(Function<Request, Optional<Fault>> rule) throws IOException {
        FaultProxy proxy = new FaultProxy(server.endpoint(), rule).start();
        proxies.add(proxy);
        return proxy;
    }

    private S3Store through(Predicate<Request> which, Fault fault) throws IOException {
        FaultProxy proxy = proxy(request -> which.test(request) ? Optional.of(fault) : Optional.empty());
        ReplicaUrl url = new ReplicaUrl("s3://" + S3Server.BUCKET + "/" + path, "s3");
        return new S3Store(url, new S3Connection(S3Server.settings(proxy.endpoint()), Map.of()));
    }

    private static boolean onCondition(Request request) {
        return request.method().equals("PUT") && request.header("if-match").isPresent();
    }

    private static byte[] body(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(StoredObject object) {
        return new String(object.body(), StandardCharsets.UTF_8);
    }

    @Test
    void weakened_etags_are_seen_through() throws Failure, IOException {
        S3Store store = through(request -> true, WEAK);

        store.probe();
        assertThat(store.create(key, body("one"))).isTrue();
        String version = store.read(key).orElseThrow().version();
        assertThat(store.replace(key, body("two"), version)).isTrue();
        assertThat(store.replace(key, body("three"), version)).isFalse();

        assertThat(text(store.read(key).orElseThrow())).isEqualTo("two");
        assertThat(ConditionalWriteCheck.passes(store)).isTrue();
    }

    @Test
    void rewritten_etags_are_found_by_the_probe_and_one_service_goes_on() throws Failure, IOException {
        S3Store store = through(request -> true, REWRITTEN);

        store.probe();
        store.probe();

        assertThat(store.conditionalWrites()).isFalse();
        assertThat(store.create(key, body("one"))).isTrue();
        String version = store.read(key).orElseThrow().version();
        assertThat(store.replace(key, body("two"), version)).isTrue();
        assertThat(store.replace(key, body("three"), version)).isFalse();
        assertThat(ConditionalWriteCheck.passes(store)).isFalse();
    }

    @Test
    void a_refusal_although_the_object_is_unchanged_is_the_stores_and_no_other_writers() throws Failure, IOException {
        S3Store store = through(ConditionalWritesTest::onCondition, REFUSED);
        store.create(key, body("one"));
        String version = store.read(key).orElseThrow().version();

        Failure failure = catchThrowableOfType(Failure.class, () -> store.replace(key, body("two"), version));

        assertThat(failure.kind()).isEqualTo(FailureKind.REPLICA_UNREACHABLE);
        assertThat(failure.getMessage()).contains("no working conditional writes", key);
        assertThat(failure.hint()).contains("proxy");
        assertThat(text(store.read(key).orElseThrow())).isEqualTo("one");
    }

    @Test
    void a_creation_refused_although_nothing_is_there_is_the_stores_doing() throws IOException {
        S3Store store = through(
                request -> request.method().equals("PUT")
                        && request.header("if-none-match").isPresent(),
                REFUSED);

        Failure failure = catchThrowableOfType(Failure.class, () -> store.create(key, body("one")));

        assertThat(failure.getMessage()).contains("no working conditional writes", key);
    }

    @Test
    void a_snapshot_through_a_proxy_that_changes_etags_is_nobody_elses_takeover() throws IOException {
        for (Fault fault : List.of(WEAK, REWRITTEN)) {
            Host host = new Host(temp.resolve("host-" + NUMBER.incrementAndGet()), temp.resolve("replica"));
            host.inBucket(proxy(request -> Optional.of(fault)).endpoint(), "host-" + NUMBER.incrementAndGet());
            host.file().withRows("WAL", 20);

            host.offload();
            assertThat(host.restore()).isInstanceOf(Outcome.Restored.class);
            host.file().addRow();
            host.offload();

            assertThat(host.restoredContent()).contains("21:added");
        }
    }
}
