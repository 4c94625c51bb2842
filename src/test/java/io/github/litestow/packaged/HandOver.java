package io.github.litestow.packaged;

import static io.github.litestow.packaged.PackagedProgram.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.litestow.application.Application;
import io.github.litestow.application.Application.Pauses;
import io.github.litestow.application.Application.Style;
import io.github.litestow.s3.VersityServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;

/**
 * Services that follow one another on one replica at versitygw, each on a host of its own. In every
 * round the one that serves is ended while an application commits rows. In odd rounds another one was
 * waiting already; in even rounds two are started together, of which one then waits.
 */
public final class HandOver implements AutoCloseable {
    private static final String PATH = "handed/over";
    private static final int MOST_ROWS = 150;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> CONFIRMED = Set.of("snapshotted", "unchanged", "offloaded");

    private final Duration leaseTime;
    private final Random random;
    private final Path folder;
    private final VersityServer server;
    private final LeaseWitness witness;
    private final Application writer = new Application();
    private final List<ServingHost> hosts = new ArrayList<>();
    private final Set<Integer> promised = new TreeSet<>();
    private ServingHost holder;
    private Optional<ServingHost> waiting = Optional.empty();
    private int next = 1;

    /** How the one that serves is ended. */
    public enum End {
        /** SIGTERM; the application stops as soon as it was sent. */
        TERM,
        /** SIGTERM; the application goes on until the service has ended. */
        TERM_WRITER_GOES_ON,
        /** SIGKILL. */
        KILL
    }

    /** Starts the server; services with this lease time come with {@link #begin}. */
    public HandOver(Duration leaseTime, long seed) throws IOException {
        this.leaseTime = leaseTime;
        this.random = new Random(seed);
        this.folder = Files.createTempDirectory("litestow-handover").toRealPath();
        this.server = VersityServer.start(folder);
        this.witness = new LeaseWitness(LeaseWitness.file(folder, PATH)).start();
    }

    /** Starts the first two services, together, and makes the database at the one that is ready. */
    public void begin() throws IOException {
        holder = twoTogether();
        writer.make(holder.database(), "wal", next, 0);
    }

    /** Returns what broke: two holders, or a write by somebody else. */
    public List<String> broken() {
        return witness.broken();
    }

    /** Returns what the witness of the lease saw, in one line. */
    public String summary() {
        return witness.summary();
    }

    /** Kills the one that serves, for which nobody waits, and starts it again on its folder. */
    void killAndStartAgain() throws IOException {
        assertThat(waiting).isEmpty();
        commit(holder.database());
        writer.awaitRows(MOST_ROWS);
        holder.process().kill();
        promised.addAll(writer.stop().keySet());
        holder.startAgain();
        holder.service().awaitReady();
        assertThat(holder.service().holdsLease()).isTrue();
        assertThat(missing(holder.database())).isEmpty();
    }

    /** Ends the one that serves, and has the next one take over. */
    public HandOverRound round(End end) throws IOException {
        ServingHost old = holder;
        commit(old.database());
        writer.awaitRows(1);
        Instant begun = Instant.now();
        patiently()
                .alias("a confirmed run")
                .until(() -> lastConfirmed(old).filter(begun::isBefore).isPresent());
        writer.catchUp();
        writer.awaitRows(1 + random.nextInt(MOST_ROWS));

        Instant time = Instant.now();
        long signal = System.nanoTime();
        if (end == End.KILL) {
            old.process().kill();
            witness.forget(old);
        } else {
            old.process().signal();
        }
        if (end == End.TERM_WRITER_GOES_ON) {
            old.process().awaitEnd();
        }
        NavigableMap<Integer, Instant> acknowledged = writer.stop();
        boolean waited = waiting.isPresent();
        holder = waited ? successor() : twoTogether();
        Duration toReady = Duration.ofNanos(System.nanoTime() - signal);
        Duration ownReady = Duration.ofNanos(System.nanoTime() - holder.started());
        old.process().awaitEnd();

        promised.addAll(acknowledged.keySet());
        next = acknowledged.lastKey() + MOST_ROWS;
        Set<Integer> missing = missing(holder.database());
        assertThat(missing(old.database()))
                .as("rows missing from the old folder")
                .isEmpty();
        Instant until = switch (end) {
            case TERM -> Instant.MAX;
            case TERM_WRITER_GOES_ON -> time;
            case KILL -> lastConfirmed(old).orElseThrow();
        };
        Set<Integer> lost = new TreeSet<>(missing);
        lost.removeIf(
                row -> acknowledged.containsKey(row) && !acknowledged.get(row).isBefore(until));
        Set<Integer> given = new TreeSet<>(missing);
        given.removeAll(lost);
        promised.removeAll(missing);
        Duration exposed = given.stream()
                .min(Comparator.naturalOrder())
                .map(row -> Duration.between(acknowledged.get(row), time))
                .filter(age -> !age.isNegative())
                .orElse(Duration.ZERO);
        close(old);
        return new HandOverRound(
                end, waited, acknowledged.size(), lost.size(), given.size(), exposed, toReady, ownReady);
    }

    private void commit(Path database) {
        writer.loop(database, next, Style.HELD, Pauses.STEADY, "", random.nextLong());
    }

    private Set<Integer> missing(Path database) {
        Set<Integer> missing = new TreeSet<>(promised);
        missing.removeAll(writer.rows(database));
        return missing;
    }

    /** Returns when the last run began that ended in a confirmed snapshot. */
    private static Optional<Instant> lastConfirmed(ServingHost host) throws IOException {
        if (!Files.exists(host.journal())) {
            return Optional.empty();
        }
        Instant last = Instant.MIN;
        for (String line : Files.readAllLines(host.journal())) {
            if (line.endsWith("}")) {
                JsonNode run = JSON.readTree(line);
                if (CONFIRMED.contains(run.path("result").path("outcome").asText())) {
                    last = Instant.parse(run.path("started").asText());
                }
            }
        }
        return Optional.of(last);
    }

    private ServingHost successor() {
        ServingHost successor = waiting.orElseThrow();
        closely("the waiting one takes over", successor::ready);
        waiting = Optional.empty();
        return successor;
    }

    /** Starts two services at the same moment; returns the one that is ready, the other one waits. */
    private ServingHost twoTogether() throws IOException {
        ServingHost one = start();
        ServingHost other = start();
        closely("one of two is ready", () -> one.ready() || other.ready());
        ServingHost first = one.ready() ? one : other;
        ServingHost second = first == one ? other : one;
        second.service().awaitOpen();
        patiently()
                .alias("the other one says for whom it waits")
                .until(() -> second.process()
                        .err()
                        .lines()
                        .anyMatch(line -> line.contains("is held by") && line.contains("(pid " + first.pid() + ",")));
        assertThat(second.ready()).as("readiness of the one that waits").isFalse();
        assertThat(second.service().holdsLease()).isFalse();
        assertThat(first.service().holdsLease()).isTrue();
        waiting = Optional.of(second);
        return first;
    }

    private ServingHost start() throws IOException {
        ServingHost host = new ServingHost(server, PATH, leaseTime, witness);
        hosts.add(host);
        return host;
    }

    private static void closely(String what, Callable<Boolean> condition) {
        ConditionFactory wait = patiently().pollInterval(Duration.ofMillis(20)).pollDelay(Duration.ZERO);
        wait.alias(what).until(condition);
    }

    private void close(ServingHost host) throws IOException {
        witness.forget(host);
        hosts.remove(host);
        host.close();
    }

    @Override
    public void close() throws IOException, InterruptedException {
        witness.close();
        writer.close();
        for (ServingHost host : List.copyOf(hosts)) {
            host.process().signal();
        }
        for (ServingHost host : List.copyOf(hosts)) {
            close(host);
        }
        server.close();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
