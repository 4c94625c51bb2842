package io.github.litestow.s3;

import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.IntUnaryOperator;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Stands before an S3 server and passes every request on, except those that a rule turns into
 * trouble. One request per connection; everything ends when it is closed.
 */
public final class FaultProxy implements AutoCloseable {
    private static final int LONGEST_HANG_SECONDS = 60;
    private static final Pattern ETAG = Pattern.compile("(?i)etag: *([^\r\n]+)");

    private final URI upstream;
    private final Function<Request, Optional<Fault>> rule;
    private final ServerSocket listener;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final List<Request> seen = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile Function<Request, Optional<Integer>> cut = head -> Optional.empty();

    /**
     * Starts one.
     *
     * @param upstream where requests go
     * @param rule which trouble a request gets; empty passes it on
     */
    public FaultProxy(URI upstream, Function<Request, Optional<Fault>> rule) throws IOException {
        this.upstream = upstream;
        this.rule = rule;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    /**
     * Cuts connections in the middle of a body.
     *
     * @param percent of the body that is read before, of a request whose body is not read yet
     */
    public void cutsAt(Function<Request, Optional<Integer>> percent) {
        cut = percent;
    }

    /** Begins to accept and returns itself. */
    public FaultProxy start() {
        daemon("fault-proxy", this::accept);
        return this;
    }

    /**
     * A request.
     *
     * @param method for example GET
     * @param target path and query
     * @param head the whole head
     * @param body the body
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Request(String method, String target, String head, byte[] body) {

        /** Returns whether it lists objects. */
        public boolean lists() {
            return method.equals("GET") && target.contains("list-type=2");
        }

        /** Returns whether it reads an object. */
        public boolean reads() {
            return (method.equals("GET") && !target.contains("list-type=2")) || method.equals("HEAD");
        }

        /** Returns the value of a header, in lower case. */
        public Optional<String> header(String name) {
            return head.lines()
                    .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
                    .map(line -> line.substring(name.length() + 1).strip())
                    .findFirst();
        }
    }

    /** What happens instead of an answer. */
    public interface Fault {
        /** Deals with a request that has been read. */
        void play(FaultProxy proxy, Request request, Socket client) throws IOException;
    }

    /** Answers with this and nothing of the server. */
    public static Fault answer(int status, String type, String body, String... headers) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " Trouble\r\nConnection: close\r\nContent-Type: "
                + type + "\r\nContent-Length: " + bytes.length + "\r\n");
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        return (proxy, request, client) -> {
            OutputStream out = client.getOutputStream();
            out.write((head + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            if (!request.method().equals("HEAD")) {
                out.write(bytes);
            }
            out.flush();
        };
    }

    /** Answers with an error as S3 writes it. */
    public static Fault error(int status, String code, String message, String... headers) {
        String xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>" + code + "</Code><Message>" + message
                + "</Message><RequestId>1</RequestId></Error>";
        return answer(status, "application/xml", xml, headers);
    }

    /** Never answers. */
    public static Fault hang() {
        return (proxy, request, client) -> proxy.hold();
    }

    /** Cuts the connection. */
    public static Fault reset() {
        return (proxy, request, client) -> client.setSoLinger(true, 0);
    }

    /** Does what was asked as over a link that carries so many bytes a second at the time, for each connection. */
    public static Fault slowly(IntSupplier bytesPerSecond) {
        return (proxy, request, client) -> {
            long begun = System.nanoTime();
            proxy.waitUntil(begun, request.body().length, bytesPerSecond.getAsInt());
            proxy.forward(request, new FilterOutputStream(client.getOutputStream()) {
                private long passed = request.body().length;

                @Override
                public void write(byte[] bytes, int from, int length) throws IOException {
                    passed += length;
                    proxy.waitUntil(begun, passed, bytesPerSecond.getAsInt());
                    out.write(bytes, from, length);
                }
            });
        };
    }

    /** Lets the server do what was asked, and cuts the connection instead of telling. */
    public static Fault loseAnswer() {
        return (proxy, request, client) -> {
            proxy.forward(request, OutputStream.nullOutputStream());
            client.setSoLinger(true, 0);
        };
    }

    /** Does what was asked, and changes each ETag on its way back, as proxies do that change answers. */
    public static Fault changingETags(UnaryOperator<String> change) {
        return (proxy, request, client) -> {
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            proxy.forward(request, answer);
            String text = answer.toString(StandardCharsets.ISO_8859_1);
            int end = text.indexOf("\r\n\r\n");
            String head = ETAG.matcher(text.substring(0, end))
                    .replaceAll(tag -> Matcher.quoteReplacement("ETag: " + change.apply(tag.group(1))));
            client.getOutputStream().write((head + text.substring(end)).getBytes(StandardCharsets.ISO_8859_1));
            client.getOutputStream().flush();
        };
    }

    /** Does what was asked, and changes the body of the answer, for which it says how long that is. */
    public static Fault changingBody(UnaryOperator<String> change) {
        return (proxy, request, client) -> {
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            proxy.forward(request, answer);
            String text = answer.toString(StandardCharsets.ISO_8859_1);
            int end = text.indexOf("\r\n\r\n") + 4;
            String body = change.apply(text.substring(end));
            String head = text.substring(0, end)
                    .replaceFirst("(?i)content-length: *[0-9]+", "Content-Length: " + body.length());
            client.getOutputStream().write((head + body).getBytes(StandardCharsets.ISO_8859_1));
            client.getOutputStream().flush();
        };
    }

    /** Lets the server do what was asked, and cuts the connection in the middle of the answer's body. */
    public static Fault cutAnswer() {
        return cutAnswerAfter(size -> size / 2);
    }

    /** The same after so many bytes of the body, of a body of so many. */
    public static Fault cutAnswerAfter(IntUnaryOperator bytes) {
        return (proxy, request, client) -> {
            ByteArrayOutputStream whole = new ByteArrayOutputStream();
            proxy.forward(request, whole);
            byte[] answer = whole.toByteArray();
            int body = new String(answer, StandardCharsets.ISO_8859_1).indexOf("\r\n\r\n") + 4;
            client.getOutputStream().write(answer, 0, body + bytes.applyAsInt(answer.length - body));
            client.getOutputStream().flush();
        };
    }

    /** Returns where it listens. */
    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + listener.getLocalPort());
    }

    /** Returns what it was asked, in order. */
    public List<Request> seen() {
        return List.copyOf(seen);
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    /** Waits until so many bytes may have passed; fails when the proxy is closed meanwhile. */
    private void waitUntil(long begun, long bytes, int bytesPerSecond) throws IOException {
        long due = begun + TimeUnit.SECONDS.toNanos(bytes) / bytesPerSecond;
        try {
            if (closed.await(due - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                throw new IOException("closed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void hold() throws IOException {
        try {
            if (!closed.await(LONGEST_HANG_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("nobody gave up");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                sockets.add(client);
                daemon("fault-proxy-connection", () -> serve(client));
            } catch (IOException e) {
                if (closed.getCount() > 0) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            Request request = read(client);
            seen.add(request);
            Optional<Fault> fault = rule.apply(request);
            if (fault.isPresent()) {
                fault.get().play(this, request, client);
            } else {
                forward(request, client.getOutputStream());
            }
        } catch (IOException e) {
            // The client gave up, which is what most kinds of trouble are for; its test says whether it should.
            sockets.remove(client);
        } finally {
            sockets.remove(client);
        }
    }

    private Request read(Socket client) throws IOException {
        InputStream in = client.getInputStream();
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("the client left");
            }
            head.append((char) next);
        }
        String[] words = head.substring(0, head.indexOf("\r\n")).split(" ", 3);
        Request request = new Request(words[0], words[1], head.toString(), new byte[0]);
        if (request.header("expect").isPresent()) {
            client.getOutputStream().write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
        }
        int length = request.header("content-length").map(Integer::parseInt).orElse(0);
        Optional<Integer> percent = cut.apply(request);
        if (percent.isPresent()) {
            in.readNBytes((int) (length * (long) percent.get() / 100));
            client.setSoLinger(true, 0);
            throw new IOException("cut");
        }
        return new Request(words[0], words[1], request.head(), in.readNBytes(length));
    }

    private void forward(Request request, OutputStream answer) throws IOException {
        try (Socket server = new Socket(upstream.getHost(), upstream.getPort())) {
            sockets.add(server);
            StringBuilder head = new StringBuilder();
            request.head()
                    .strip()
                    .lines()
                    .filter(line -> !line.toLowerCase(Locale.ROOT).matches("(connection|expect):.*"))
                    .forEach(line -> head.append(line).append("\r\n"));
            head.append("Connection: close\r\n\r\n");
            server.getOutputStream().write(head.toString().getBytes(StandardCharsets.ISO_8859_1));
            server.getOutputStream().write(request.body());
            server.getOutputStream().flush();
            server.getInputStream().transferTo(answer);
            answer.flush();
            sockets.remove(server);
        }
    }

    private static void daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }
}
