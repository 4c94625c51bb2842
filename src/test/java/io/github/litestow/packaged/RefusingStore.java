package io.github.litestow.packaged;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Answers every request as S3 answers a signature made with a wrong secret, and keeps its headers. */
final class RefusingStore implements AutoCloseable {
    private static final byte[] ANSWER = """
            <?xml version="1.0" encoding="UTF-8"?>
            <Error><Code>SignatureDoesNotMatch</Code><Message>The request signature we calculated does not match \
            the signature you provided.</Message><RequestId>1</RequestId></Error>""".getBytes(StandardCharsets.UTF_8);

    private final Queue<Headers> requests = new ConcurrentLinkedQueue<>();
    private final HttpServer server;

    RefusingStore() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            requests.add(exchange.getRequestHeaders());
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().set("Content-Type", "application/xml");
            exchange.sendResponseHeaders(403, ANSWER.length);
            exchange.getResponseBody().write(ANSWER);
            exchange.close();
        });
        server.start();
    }

    String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Returns a header of each request, "null" where it had none. */
    List<String> headers(String name) {
        return requests.stream()
                .map(request -> String.valueOf(request.getFirst(name)))
                .toList();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
