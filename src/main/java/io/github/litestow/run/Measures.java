package io.github.litestow.run;

import io.github.litestow.outcome.Figures;
import io.github.litestow.replica.LastListing;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Collects the figures of one run. Only remembers what the run saw anyway, so nothing here can fail it. */
final class Measures {
    private final LongSupplier nanoTime;
    private Optional<Double> sealSeconds = Optional.empty();
    private Optional<Long> uploadedBytes = Optional.empty();
    private Optional<Long> databaseBytes = Optional.empty();

    Measures(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Begins the time under the seal; closing what is returned ends it. */
    Sealed sealed() {
        long begun = nanoTime.getAsLong();
        return () -> {
            double seconds = (nanoTime.getAsLong() - begun) / (double) TimeUnit.SECONDS.toNanos(1);
            sealSeconds = Optional.of(sealSeconds.orElse(0.0) + seconds);
        };
    }

    /** The replica's listing shows so many bytes more. */
    void uploaded(long bytes) {
        uploadedBytes = Optional.of(uploadedBytes.orElse(0L) + bytes);
    }

    /** The database has so many bytes. */
    void database(long bytes) {
        databaseBytes = Optional.of(bytes);
    }

    /** Returns what was seen, by this run and of the replica. */
    Figures figures(LastListing replica) {
        return new Figures(
                sealSeconds, uploadedBytes, databaseBytes, replica.bytes(), replica.objects(), replica.points());
    }

    /** The database is sealed until this is closed. */
    interface Sealed extends AutoCloseable {
        @Override
        void close();
    }
}
