package io.github.litestow.store;

import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.RecordedPoint;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * Older restore points, in compressed objects that are written once and never changed: {@code
 * litestow/proofs/FIRST-LAST-CHECKSUM.json.gz}. So the record that each run rewrites stays small, however
 * many points a retention asks for. What was read once is remembered. Safe for concurrent use.
 */
final class ProofArchives {
    private static final String FOLDER = "litestow/proofs/";

    private final ReplicaStore store;
    private final JsonObjects objects;
    private final Map<String, List<RecordedPoint>> known = new HashMap<>();

    ProofArchives(ReplicaStore store, JsonObjects objects) {
        this.store = store;
        this.objects = objects;
    }

    /**
     * An archive, as the record names it.
     *
     * @param key where it is
     * @param first the transaction of its oldest point
     * @param last the transaction of its newest point
     */
    @RegisterForReflection
    record Archive(String key, String first, String last) {}

    /**
     * Returns the points of an archive, oldest first; empty when it is known not to be there any more.
     *
     * @throws Failure when it cannot be read
     */
    synchronized Optional<List<RecordedPoint>> read(Archive archive) throws Failure {
        if (!known.containsKey(archive.key())) {
            Optional<StoredObject> object = store.read(archive.key());
            if (object.isEmpty()) {
                return Optional.empty();
            }
            byte[] plain = unzipped(archive, object.get().body());
            known.put(
                    archive.key(),
                    List.copyOf(objects.parse(
                                    archive.key(),
                                    new StoredObject(plain, object.get().version()),
                                    ArchivedPoints.class)
                            .points()));
        }
        return Optional.of(known.get(archive.key()));
    }

    /** Writes an archive of points, oldest first, at least one; the same points make the same archive. */
    synchronized Archive write(List<RecordedPoint> points) throws Failure {
        byte[] plain = objects.bytes(new ArchivedPoints(points));
        CRC32 checksum = new CRC32();
        checksum.update(plain);
        String first = points.get(0).txid();
        String last = points.get(points.size() - 1).txid();
        String key =
                FOLDER + first + "-" + last + "-" + HexFormat.of().toHexDigits((int) checksum.getValue()) + ".json.gz";
        // If it is there, a run before wrote it and was cut off before it could name it.
        store.create(key, zipped(plain));
        known.put(key, List.copyOf(points));
        return new Archive(key, first, last);
    }

    /** Deletes archives that the record names no more. */
    synchronized void delete(Collection<Archive> archives) throws Failure {
        for (Archive archive : archives) {
            store.deleteObject(archive.key());
            known.remove(archive.key());
        }
    }

    private static byte[] zipped(byte[] plain) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(bytes)) {
            zip.write(plain);
        } catch (IOException e) {
            throw new IllegalStateException("memory takes what is written to it", e);
        }
        return bytes.toByteArray();
    }

    private byte[] unzipped(Archive archive, byte[] body) throws Failure {
        try (GZIPInputStream zip = new GZIPInputStream(new ByteArrayInputStream(body))) {
            return zip.readAllBytes();
        } catch (IOException e) {
            throw objects.strange(archive.key(), String.valueOf(e.getMessage()));
        }
    }

    /** The object. */
    @RegisterForReflection
    record ArchivedPoints(List<RecordedPoint> points) {}
}
