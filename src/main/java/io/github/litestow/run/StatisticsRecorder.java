package io.github.litestow.run;

import io.github.litestow.outcome.RunStatistics;
import io.github.litestow.store.ReplicaStats;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Collects the statistics of one run. Only remembers what the run saw anyway, so nothing here can fail it. */
public final class StatisticsRecorder {
    private final LongSupplier nanoTime;
    private Optional<Double> sealSeconds = Optional.empty();
    private Optional<Long> uploadedBytes = Optional.empty();
    private Optional<Long> databaseBytes = Optional.empty();
    private Optional<Double> restoreSeconds = Optional.empty();

    StatisticsRecorder(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Begins the time under the seal; closing what is returned ends it. */
    public Sealed sealed() {
        long begun = nanoTime.getAsLong();
        return () -> sealSeconds = Optional.of(sealSeconds.orElse(0.0) + secondsSince(begun));
    }

    /** Begins a restore; running what is returned says that it ended well. The last one counts. */
    public Runnable restoring() {
        long begun = nanoTime.getAsLong();
        return () -> restoreSeconds = Optional.of(secondsSince(begun));
    }

    private double secondsSince(long begun) {
        return (nanoTime.getAsLong() - begun) / (double) TimeUnit.SECONDS.toNanos(1);
    }

    /** The replica's listing shows so many bytes more. */
    public void uploaded(long bytes) {
        uploadedBytes = Optional.of(uploadedBytes.orElse(0L) + bytes);
    }

    /** The database has so many bytes. */
    public void database(long bytes) {
        databaseBytes = Optional.of(bytes);
    }

    /** Returns what was seen, by this run and of the replica. */
    RunStatistics taken(ReplicaStats replica) {
        return new RunStatistics(
                sealSeconds,
                uploadedBytes,
                databaseBytes,
                replica.bytes(),
                replica.objects(),
                replica.points(),
                restoreSeconds);
    }

    /** The database is sealed until this is closed. */
    public interface Sealed extends AutoCloseable {
        @Override
        void close();
    }
}
