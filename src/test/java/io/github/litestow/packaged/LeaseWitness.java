package io.github.litestow.packaged;

import io.github.litestow.s3.FaultProxy;
import io.github.litestow.s3.S3Server;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Watches services that share a replica: no two say at once that they have its lease, and nothing is
 * written for a service that {@code lease.json} does not name at that moment.
 */
final class LeaseWitness implements AutoCloseable {
    private static final int TRIES = 200;
    /** Each look is a page of metrics of every service, which share two processors with the test. */
    private static final long PAUSE_MILLIS = 50;

    private final Path lease;
    private final List<ServingHost> hosts = new CopyOnWriteArrayList<>();
    private final List<String> broken = new CopyOnWriteArrayList<>();
    private final AtomicInteger looks = new AtomicInteger();
    private final AtomicInteger writes = new AtomicInteger();
    private final Thread thread = new Thread(this::look, "lease witness");
    private volatile boolean stopping;

    /** Watches the replica whose lease versitygw keeps in this file. */
    LeaseWitness(Path lease) {
        this.lease = lease;
        thread.setDaemon(true);
    }

    LeaseWitness start() {
        thread.start();
        return this;
    }

    void watch(ServingHost host) {
        hosts.add(host);
    }

    void forget(ServingHost host) {
        hosts.remove(host);
    }

    /** Looks at a request before the store does. */
    void request(ServingHost host, FaultProxy.Request request) {
        if (writesToReplica(request)) {
            writes.incrementAndGet();
            String text = leaseText();
            if (!host.isNamedIn(text)) {
                broken.add(request.method() + " " + request.target() + " by pid " + host.pid()
                        + " while the lease reads " + text);
            }
        }
    }

    /** Returns which promises were broken. */
    List<String> broken() {
        return List.copyOf(broken);
    }

    /** Returns how often two services were asked, and how many writes were looked at. */
    String summary() {
        return looks + " looks at two services, " + writes + " writes to the replica";
    }

    @Override
    public void close() throws InterruptedException {
        stopping = true;
        thread.join();
    }

    /** The lease itself and what is written to try the store out are no part of a backup. */
    private static boolean writesToReplica(FaultProxy.Request request) {
        String target = request.target();
        return !List.of("GET", "HEAD").contains(request.method())
                && !target.contains("/litestow/lease.json")
                && !target.contains("/litestow/.");
    }

    /** versitygw replaces a file by unlinking and linking, so it may be missing for an instant. */
    private String leaseText() {
        for (int attempt = 1; attempt <= TRIES; attempt++) {
            try {
                return Files.readString(lease, StandardCharsets.UTF_8);
            } catch (NoSuchFileException e) {
                Thread.onSpinWait();
            } catch (IOException e) {
                return e.toString();
            }
        }
        return "(there is none)";
    }

    private void look() {
        while (!stopping) {
            for (ServingHost one : hosts) {
                if (one.service().holdsLease()) {
                    hosts.stream().filter(other -> other != one).forEach(other -> both(one, other));
                }
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS));
        }
    }

    /** The first one is asked again: between the two questions the lease may have changed hands. */
    private void both(ServingHost one, ServingHost other) {
        looks.incrementAndGet();
        if (other.service().holdsLease()
                && one.service().holdsLease()
                && other.service().holdsLease()) {
            broken.add("both say that they have the lease: pids " + one.pid() + " and " + other.pid());
        }
    }

    /** Where versitygw keeps the lease of a replica. */
    static Path file(Path versity, String path) {
        return versity.resolve(Path.of("objects", S3Server.BUCKET, path, "litestow", "lease.json"));
    }
}
