package io.github.litestow.host;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.control.Cancellation;
import io.github.litestow.engine.Litestream;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.ReplicaFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** The real engine, watched: what was asked of it, and what else happens just then. */
public final class WatchedEngine implements Litestream {
    private final Litestream real;
    private final List<String> calls = new ArrayList<>();
    private Runnable beforeReplicate = () -> {};
    private Runnable afterReplicate = () -> {};
    private Runnable beforeRestore = () -> {};
    private Consumer<Path> afterRestore = output -> {};
    private UnaryOperator<List<ReplicaFile>> planned = files -> files;

    public WatchedEngine(Litestream real) {
        this.real = real;
    }

    public synchronized List<String> calls() {
        return List.copyOf(calls);
    }

    public synchronized void forget() {
        calls.clear();
    }

    private synchronized void called(String what) {
        calls.add(what);
    }

    public void beforeReplicate(Runnable action) {
        beforeReplicate = action;
    }

    public void afterReplicate(Runnable action) {
        afterReplicate = action;
    }

    public void beforeRestore(Runnable action) {
        beforeRestore = action;
    }

    public void afterRestore(Consumer<Path> action) {
        afterRestore = action;
    }

    /** Has another plan said than the engine makes. */
    public void planned(UnaryOperator<List<ReplicaFile>> other) {
        planned = other;
    }

    @Override
    public void replicate(
            ConfiguredDatabase database, boolean withSnapshot, Duration timeout, Cancellation cancellation)
            throws Failure {
        called(withSnapshot ? "replicate with snapshot" : "replicate");
        beforeReplicate.run();
        real.replicate(database, withSnapshot, timeout, cancellation);
        afterReplicate.run();
    }

    @Override
    public String restore(
            ConfiguredDatabase database,
            Optional<String> txid,
            Path output,
            Duration timeout,
            Cancellation cancellation)
            throws Failure {
        called("restore");
        beforeRestore.run();
        String restored = real.restore(database, txid, output, timeout, cancellation);
        afterRestore.accept(output);
        return restored;
    }

    @Override
    public List<ReplicaFile> listing(ConfiguredDatabase database, Duration timeout, Cancellation cancellation)
            throws Failure {
        called("listing");
        return real.listing(database, timeout, cancellation);
    }

    @Override
    public List<ReplicaFile> plan(ConfiguredDatabase database, String txid, Duration timeout, Cancellation cancellation)
            throws Failure {
        called("plan");
        return planned.apply(real.plan(database, txid, timeout, cancellation));
    }

    @Override
    public String version() throws Failure {
        return real.version();
    }

    @Override
    public Path binary() throws Failure {
        return real.binary();
    }
}
