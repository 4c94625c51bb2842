package io.github.litestow.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * The way to a store, for {@code bench/peers}: counts what passes, and may be long and narrow. Needs no class
 * but the JDK's, so that {@code java Link.java} starts it; a program of its own, so that its work is nobody's
 * in the measurement.
 *
 * <p>Arguments: the store's port, milliseconds for a round trip, Mbit/s for each direction (0: as it comes).
 * Prints its own port; each line on standard input is answered with the bytes up, the bytes down and the
 * requests until now.
 */
final class Link {
    /** A connection may hold this many pieces back, so that a long way does not make it a narrow one. */
    private static final int UNDER_WAY = 256;

    private static final int PIECE = 32 * 1024;
    private static final double BYTES_PER_MBIT = 125_000;
    private static final List<byte[]> METHODS = List.of(
            "GET /".getBytes(StandardCharsets.US_ASCII),
            "PUT /".getBytes(StandardCharsets.US_ASCII),
            "HEAD /".getBytes(StandardCharsets.US_ASCII),
            "POST /".getBytes(StandardCharsets.US_ASCII),
            "DELETE /".getBytes(StandardCharsets.US_ASCII));

    private final int store;
    private final long oneWay;
    private final Direction up;
    private final Direction down;
    private final AtomicLong requests = new AtomicLong();

    private Link(int store, double milliseconds, double mbit) {
        this.store = store;
        this.oneWay = (long) (milliseconds * 1e6 / 2);
        this.up = new Direction(mbit);
        this.down = new Direction(mbit);
    }

    /** Runs until standard input ends. */
    public static void main(String... arguments) throws IOException {
        Link link = new Link(
                Integer.parseInt(arguments[0]), Double.parseDouble(arguments[1]), Double.parseDouble(arguments[2]));
        ServerSocket listener = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        System.out.println(listener.getLocalPort());
        start(() -> {
            while (true) {
                Socket client = listener.accept();
                start(() -> link.join(client));
            }
        });
        BufferedReader asked = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        while (asked.readLine() != null) {
            System.out.println(link.up.bytes + " " + link.down.bytes + " " + link.requests);
        }
        System.exit(0);
    }

    private void join(Socket client) throws IOException {
        Socket server = new Socket(InetAddress.getLoopbackAddress(), store);
        client.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
        pass(client, server, up, true);
        pass(server, client, down, false);
    }

    private void pass(Socket from, Socket to, Direction direction, boolean asks) {
        BlockingQueue<Piece> underWay = new ArrayBlockingQueue<>(UNDER_WAY);
        start(() -> {
            try {
                InputStream in = from.getInputStream();
                byte[] buffer = new byte[PIECE];
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    if (asks && begins(buffer, read)) {
                        requests.incrementAndGet();
                    }
                    underWay.put(new Piece(Arrays.copyOf(buffer, read), direction.sent(read) + oneWay));
                }
            } finally {
                // The end of a stream takes its time, too; nothing is left of a broken one.
                underWay.put(new Piece(new byte[0], System.nanoTime() + oneWay));
            }
        });
        start(() -> {
            try (from;
                    to) {
                OutputStream out = to.getOutputStream();
                for (Piece piece = underWay.take(); piece.bytes.length > 0; piece = underWay.take()) {
                    for (long left = piece.due - System.nanoTime(); left > 0; left = piece.due - System.nanoTime()) {
                        LockSupport.parkNanos(left);
                    }
                    out.write(piece.bytes);
                }
            }
        });
    }

    /** A client waits for an answer before it asks again, so a request begins where something that was read begins. */
    private static boolean begins(byte[] buffer, int read) {
        return METHODS.stream()
                .anyMatch(method ->
                        read > method.length && Arrays.equals(buffer, 0, method.length, method, 0, method.length));
    }

    private static void start(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException e) {
                // A connection that one side closed.
                return;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    /** What is under way, and when it arrives. */
    private static final class Piece {
        final byte[] bytes;
        final long due;

        Piece(byte[] bytes, long due) {
            this.bytes = bytes;
            this.due = due;
        }
    }

    /** One direction of the way, which all connections share. */
    private static final class Direction {
        private final double nanosPerByte;
        private volatile long bytes;
        private long free = System.nanoTime();

        Direction(double mbit) {
            this.nanosPerByte = mbit == 0 ? 0 : TimeUnit.SECONDS.toNanos(1) / (mbit * BYTES_PER_MBIT);
        }

        /** Returns when so many bytes have been sent. */
        synchronized long sent(int read) {
            bytes += read;
            free = Math.max(free, System.nanoTime()) + (long) (read * nanosPerByte);
            return free;
        }
    }
}
