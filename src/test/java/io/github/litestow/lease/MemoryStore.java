package io.github.litestow.lease;

import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.ReplicaFile;
import io.github.litestow.store.ReplicaStore;
import io.github.litestow.store.StoredObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;

/** Objects in memory, changed by conditional writes; answers get lost, and requests arrive late. */
final class MemoryStore implements ReplicaStore {
    private static final int ONE_IN = 12;

    private final Shared shared;
    private final String prefix;

    MemoryStore(Shared shared, String prefix) {
        this.shared = shared;
        this.prefix = prefix;
    }

    /** What all views have in common. */
    static final class Shared {
        private final Map<String, StoredObject> objects = new HashMap<>();
        private final List<Runnable> late = new ArrayList<>();
        private final Random random;
        private boolean faulty = true;
        private boolean keepsConditions = true;
        private long version;

        Shared(Random random) {
            this.random = random;
        }

        /** Lets some of the requests arrive whose senders gave them up. */
        void deliverSome() {
            List.copyOf(late).stream().filter(any -> random.nextBoolean()).forEach(request -> {
                late.remove(request);
                request.run();
            });
        }

        void recover() {
            faulty = false;
            late.clear();
        }

        /** From now on everything is written, whatever was there. */
        void ignoreConditions() {
            keepsConditions = false;
        }

        void delete(String key) {
            objects.remove(key);
        }

        private boolean put(String key, byte[] body, Optional<String> condition) {
            Optional<String> there = Optional.ofNullable(objects.get(key)).map(StoredObject::version);
            if (keepsConditions && !there.equals(condition)) {
                return false;
            }
            version++;
            objects.put(key, new StoredObject(body, "v" + version));
            return true;
        }
    }

    private static Failure noAnswer() {
        return new Failure(FailureKind.REPLICA_UNREACHABLE, "no answer", "Try again.");
    }

    private boolean write(String key, byte[] body, Optional<String> condition) throws Failure {
        if (!shared.faulty) {
            return shared.put(prefix + key, body, condition);
        }
        switch (shared.random.nextInt(ONE_IN)) {
            case 0 -> throw noAnswer();
            case 1 -> {
                shared.put(prefix + key, body, condition);
                throw noAnswer();
            }
            case 2 -> {
                shared.late.add(() -> shared.put(prefix + key, body, condition));
                throw noAnswer();
            }
            default -> {
                return shared.put(prefix + key, body, condition);
            }
        }
    }

    @Override
    public Optional<StoredObject> read(String key) throws Failure {
        if (shared.faulty && shared.random.nextInt(ONE_IN) == 0) {
            throw noAnswer();
        }
        return Optional.ofNullable(shared.objects.get(prefix + key));
    }

    @Override
    public boolean create(String key, byte[] body) throws Failure {
        return write(key, body, Optional.empty());
    }

    @Override
    public boolean replace(String key, byte[] body, String version) throws Failure {
        return write(key, body, Optional.of(version));
    }

    @Override
    public boolean replace(String key, byte[] body, String version, Consumer<String> now) throws Failure {
        boolean done = write(key, body, Optional.of(version));
        if (done) {
            // Nobody else wrote since: all of them take turns.
            now.accept(shared.objects.get(prefix + key).version());
        }
        return done;
    }

    @Override
    public ReplicaStore above(int parts) {
        return new MemoryStore(shared, "");
    }

    @Override
    public boolean keepsObjects() {
        return true;
    }

    @Override
    public List<ReplicaFile> ltxFiles() {
        return List.of();
    }

    @Override
    public void probe() {
        // It is there.
    }

    @Override
    public Optional<Instant> newestOfOldFormat() {
        return Optional.empty();
    }

    @Override
    public Optional<byte[]> readRange(ReplicaFile file, long from, int length) {
        return Optional.empty();
    }

    @Override
    public void delete(ReplicaFile file) {
        throw new AssertionError("there are none");
    }

    @Override
    public void deleteObject(String key) {
        shared.delete(prefix + key);
    }
}
