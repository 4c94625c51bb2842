package io.github.litestow.store;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.control.Cancellation;
import io.github.litestow.engine.Litestream;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.ReplicaFile;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A replica of a scheme that Litestow has no client for: listed by asking the engine, and without
 * objects of our own, hence without identity and proof records.
 */
final class EngineStore implements ReplicaStore {
    private static final Duration LISTING_TIMEOUT = Duration.ofSeconds(10);

    private final ConfiguredDatabase database;
    private final Litestream litestream;

    EngineStore(ConfiguredDatabase database, Litestream litestream) {
        this.database = database;
        this.litestream = litestream;
    }

    @Override
    public void probe() throws Failure {
        ltxFiles();
    }

    @Override
    public List<ReplicaFile> ltxFiles() throws Failure {
        return litestream.listing(database, LISTING_TIMEOUT, new Cancellation());
    }

    @Override
    public Optional<byte[]> readRange(ReplicaFile file, long from, int length) {
        return Optional.empty();
    }

    @Override
    public void delete(ReplicaFile file) throws Failure {
        throw new Failure(
                FailureKind.REFUSED,
                "Litestow cannot delete " + file.key() + " at " + database.replica(),
                "Bound the replica by the storage's own lifecycle rules; this scheme is passed through to litestream.");
    }

    @Override
    public Optional<Instant> newestOfOldFormat() {
        return Optional.empty();
    }

    @Override
    public boolean keepsObjects() {
        return false;
    }

    @Override
    public Optional<StoredObject> read(String key) {
        return Optional.empty();
    }

    @Override
    public void deleteObject(String key) {
        // There are none here.
    }

    @Override
    public boolean create(String key, byte[] body) {
        return false;
    }

    @Override
    public boolean replace(String key, byte[] body, String version) {
        return false;
    }
}
