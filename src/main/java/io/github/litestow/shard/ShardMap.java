package io.github.litestow.shard;

import io.github.litestow.config.Shard;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.store.Replica;
import io.github.litestow.store.StoredObject;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * {@code litestow/shards.json} at the place of a group's replicas: which databases were moved to a shard
 * other than that of their hash, and which were left by a service that they do not belong to and are waited
 * for elsewhere. Changed by conditional writes only. Safe for concurrent use.
 */
final class ShardMap {
    private static final String KEY = "litestow/shards.json";
    private static final int MAX_ATTEMPTS = 20;

    private final Replica place;

    ShardMap(Replica place) {
        this.place = place;
    }

    /**
     * The object; of names within the group.
     *
     * @param pins the shard to which a database was moved
     * @param left the shard for which a database was left, until that has it
     */
    @RegisterForReflection
    record Document(Map<String, Integer> pins, Map<String, Integer> left) {
        static final Document NOTHING = new Document(Map.of(), Map.of());

        Document {
            pins = pins == null ? Map.of() : Map.copyOf(pins);
            left = left == null ? Map.of() : Map.copyOf(left);
        }

        /** Returns the shard that a database belongs to; a shard that is no more has none. */
        int shardOf(String member, Shard shards) {
            Integer pinned = pins.get(member);
            return pinned != null && pinned >= 0 && pinned < shards.count() ? pinned : shards.of(member);
        }

        Document pinned(String member, int shard) {
            return new Document(with(pins, member, Optional.of(shard)), left);
        }

        Document unpinned(String member) {
            return new Document(with(pins, member, Optional.empty()), left);
        }

        /** Says for whom databases were left, and forgets those that are had. */
        Document left(Map<String, Integer> anew, Iterable<String> had) {
            Map<String, Integer> now = new TreeMap<>(left);
            now.putAll(anew);
            had.forEach(now::remove);
            return new Document(pins, now);
        }

        private static Map<String, Integer> with(Map<String, Integer> map, String key, Optional<Integer> value) {
            Map<String, Integer> now = new TreeMap<>(map);
            value.ifPresentOrElse(shard -> now.put(key, shard), () -> now.remove(key));
            return now;
        }
    }

    /** Returns what is written down; nothing where no objects of ours can be kept. */
    Document read() throws Failure {
        Optional<StoredObject> object = place.store().read(KEY);
        return object.isPresent() ? place.objects().parse(KEY, object.get(), Document.class) : Document.NOTHING;
    }

    /**
     * Changes it, however many others do so at the same time.
     *
     * @return what is written down now
     * @throws Failure {@code BUSY} when others keep changing it
     */
    Document change(UnaryOperator<Document> change) throws Failure {
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            Optional<StoredObject> object = place.store().read(KEY);
            Document before =
                    object.isPresent() ? place.objects().parse(KEY, object.get(), Document.class) : Document.NOTHING;
            Document after = change.apply(before);
            if (after.equals(before)) {
                return before;
            }
            byte[] body = place.objects().bytes(after);
            boolean done = object.isPresent()
                    ? place.store().replace(KEY, body, object.get().version())
                    : place.store().create(KEY, body);
            if (done) {
                return after;
            }
        }
        throw new Failure(
                FailureKind.BUSY,
                "others keep changing " + KEY + " at " + place.url(),
                "Nothing was moved; try again.");
    }
}
