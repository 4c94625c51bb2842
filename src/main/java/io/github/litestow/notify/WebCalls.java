package io.github.litestow.notify;

import io.github.litestow.control.DaemonThreads;
import io.github.litestow.outcome.ErrorText;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.TimeText;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/**
 * Calls to the web that end within a limit, whatever the other side does, and whose failures name no
 * address: that is a secret. Safe for concurrent use.
 */
final class WebCalls {
    private static final String HINT = "It is tried again.";

    private final Duration limit;
    private final DaemonThreads threads = new DaemonThreads("web calls", 2);
    private HttpClient client;

    /** Makes no connection yet; each call ends within {@code limit}. */
    WebCalls(Duration limit) {
        this.limit = limit;
    }

    /** Asks for an address. */
    void get(URI address) throws Failure {
        call(HttpRequest.newBuilder(address).GET());
    }

    /** Sends JSON. */
    void post(URI address, byte[] json, Optional<String> userInfo) throws Failure {
        HttpRequest.Builder request = HttpRequest.newBuilder(address)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(json));
        userInfo.ifPresent(info -> request.header("Authorization", authorization(info)));
        call(request);
    }

    /** Sends a line of text. */
    void post(URI address, String text) throws Failure {
        call(HttpRequest.newBuilder(address).POST(HttpRequest.BodyPublishers.ofString(text)));
    }

    /** {@code :TOKEN@host} means a token, {@code user:password@host} what it always did. */
    private static String authorization(String userInfo) {
        return userInfo.startsWith(":")
                ? "Bearer " + userInfo.substring(1)
                : "Basic " + Base64.getEncoder().encodeToString(userInfo.getBytes(StandardCharsets.UTF_8));
    }

    private void call(HttpRequest.Builder request) throws Failure {
        CompletableFuture<HttpResponse<Void>> answer = client().sendAsync(
                        request.header("User-Agent", "Litestow").timeout(limit).build(),
                        HttpResponse.BodyHandlers.discarding());
        try {
            int status = answer.get(limit.toMillis(), TimeUnit.MILLISECONDS).statusCode();
            if (status >= 300) {
                throw new Failure(FailureKind.REPLICA_UNREACHABLE, "it answered with status " + status, HINT);
            }
        } catch (ExecutionException e) {
            throw new Failure(FailureKind.REPLICA_UNREACHABLE, words(e.getCause()), HINT);
        } catch (TimeoutException e) {
            throw new Failure(FailureKind.TIMEOUT, "it did not answer within " + TimeText.limit(limit), HINT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure(FailureKind.BUSY, "stopped while it waited", HINT);
        } finally {
            answer.cancel(true);
        }
    }

    /** Java's own words may repeat the address. */
    private static String words(Throwable why) {
        if (why instanceof HttpTimeoutException) {
            return "it did not answer in time";
        }
        if (why instanceof ConnectException) {
            return why.getCause() instanceof UnresolvedAddressException
                    ? "its host name leads to no address"
                    : "nobody answers there";
        }
        if (why instanceof UnknownHostException) {
            return "its host name leads to no address";
        }
        if (why instanceof SSLException tls) {
            return "no TLS with it: " + ErrorText.of(tls);
        }
        return why instanceof IOException ? "the connection broke" : "it cannot be called";
    }

    /** Made when it is first needed: most services tell nobody. */
    private synchronized HttpClient client() {
        if (client == null) {
            client = HttpClient.newBuilder()
                    .connectTimeout(limit)
                    .executor(threads)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .version(HttpClient.Version.HTTP_1_1)
                    .build();
        }
        return client;
    }
}
