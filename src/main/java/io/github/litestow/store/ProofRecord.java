package io.github.litestow.store;

import io.github.litestow.outcome.Assurance;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.RecordedPoint;
import io.github.litestow.outcome.ReplicaFile;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.store.ProofArchives.Archive;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * {@code litestow/proofs.json}: every restore point and what is known of it, changed conditionally. The
 * newest few thousand are in that object, which each run rewrites; older ones are in {@link
 * ProofArchives} that it names. Versions before wrote the points alone.
 */
final class ProofRecord {
    private static final Logger LOG = Logger.getLogger(ProofRecord.class);
    static final String KEY = "litestow/proofs.json";

    /** Two weeks of the default schedule; bounds what each run rewrites. */
    static final int MAX_POINTS = 4_032;

    /** What is moved to an archive at once. */
    private static final int BATCH = MAX_POINTS / 2;

    /** Some hundred kilobytes; two years of points every five minutes are seven of them. */
    private static final int MAX_ARCHIVED = 32_768;

    private static final int MAX_ATTEMPTS = 5;

    private final String url;
    private final ReplicaStore store;
    private final JsonObjects objects;
    private final ProofArchives archives;

    ProofRecord(String url, ReplicaStore store, JsonObjects objects) {
        this.url = url;
        this.store = store;
        this.objects = objects;
        this.archives = new ProofArchives(store, objects);
    }

    /** Returns the pinned transactions, as they were written last. */
    List<String> pins() throws Failure {
        Optional<StoredObject> object = store.read(KEY);
        return object.isPresent() ? parse(object.get()).pins() : List.of();
    }

    /**
     * Writes down which transactions are pinned.
     *
     * @param seed as of {@link #add}
     */
    void pins(List<String> pins, Seed seed) throws Failure {
        if (!pins().equals(pins)) {
            rewrite(seed, Optional.of(pins), recorded -> {});
        }
    }

    /** What was read: the points, and the ranges of transactions whose archives are gone. */
    record Recorded(NavigableMap<String, RecordedPoint> points, List<Archive> lost) {
        /** Returns whether nothing is known of a transaction, because what recorded it is gone. */
        boolean unknown(String txid) {
            return lost.stream()
                    .anyMatch(archive -> archive.first().compareTo(txid) <= 0
                            && archive.last().compareTo(txid) >= 0);
        }

        /** Returns those that a listing still shows, with all that is before them, and the head in any case. */
        List<RestorePoint> shown(List<ReplicaFile> files) {
            ReachableTransactions reachable = new ReachableTransactions(files);
            Map<String, RestorePoint> shown = new TreeMap<>();
            String head = files.stream()
                    .map(ReplicaFile::maxTxid)
                    .max(String::compareTo)
                    .orElse("");
            for (ReplicaFile file : files) {
                String txid = file.maxTxid();
                boolean known = points.isEmpty() || points.containsKey(txid) || unknown(txid);
                // The head is what a restore asks for, and says what is missing when it does not restore.
                if (txid.equals(head) || (known && reachable.contains(txid))) {
                    RecordedPoint point = points.get(txid);
                    shown.put(
                            txid,
                            point == null ? new RestorePoint(txid, file.time(), Assurance.CONFIRMED) : point.point());
                }
            }
            return List.copyOf(shown.values());
        }
    }

    /** Returns every recorded restore point, oldest first. */
    List<RecordedPoint> points() throws Failure {
        return List.copyOf(recorded().points().values());
    }

    /** Returns everything that is recorded. */
    Recorded recorded() throws Failure {
        Optional<StoredObject> object = store.read(KEY);
        return object.isPresent() ? recorded(parse(object.get())) : new Recorded(new TreeMap<>(), List.of());
    }

    private Recorded recorded(ProofsDocument document) throws Failure {
        NavigableMap<String, RecordedPoint> points = new TreeMap<>();
        List<Archive> lost = new ArrayList<>();
        for (Archive archive : document.archives()) {
            Optional<List<RecordedPoint>> archived = archives.read(archive);
            if (archived.isPresent()) {
                archived.get().forEach(point -> points.put(point.txid(), point));
            } else {
                lost.add(archive);
            }
        }
        document.points().forEach(point -> points.put(point.txid(), point));
        return new Recorded(points, lost);
    }

    /**
     * Adds restore points; of one transaction the strongest assurance stays.
     *
     * @param seed what to record too when there is no record, because a lifecycle rule took it, say
     */
    void add(Collection<RecordedPoint> points, Seed seed) throws Failure {
        rewrite(
                seed,
                Optional.empty(),
                recorded -> points.forEach(point -> recorded.merge(point.txid(), point, RecordedPoint::and)));
    }

    /** Says what the replica holds, for a record that has to be made anew. */
    interface Seed {
        /** Returns the points, in any order. */
        List<RecordedPoint> points() throws Failure;
    }

    /** As below, of a record that begins empty when there is none. */
    void rewrite(Consumer<NavigableMap<String, RecordedPoint>> edit) throws Failure {
        rewrite(List::of, Optional.empty(), edit);
    }

    /**
     * Changes the record, which others may change at the same time.
     *
     * @param pins what is pinned from now on; empty leaves that as it is
     * @throws Failure {@code BUSY} when others keep doing so
     */
    private void rewrite(Seed seed, Optional<List<String>> pins, Consumer<NavigableMap<String, RecordedPoint>> edit)
            throws Failure {
        if (!store.keepsObjects()) {
            return;
        }
        for (int attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
            Optional<StoredObject> object = store.read(KEY);
            ProofsDocument before =
                    object.isPresent() ? parse(object.get()) : new ProofsDocument(List.of(), List.of(), List.of());
            NavigableMap<String, RecordedPoint> points = recorded(before).points();
            if (object.isEmpty()) {
                seed.points().forEach(point -> points.put(point.txid(), point));
            }
            Optional<String> oldest = first(points);
            edit.accept(points);
            boolean pruned = !oldest.equals(first(points));
            ProofsDocument after = archived(before.archives(), points, pruned).pinning(pins.orElse(before.pins()));
            byte[] body = objects.bytes(after);
            boolean done =
                    object.isPresent() ? store.replace(KEY, body, object.get().version()) : store.create(KEY, body);
            if (done) {
                cleanUp(before.archives(), after.archives());
                return;
            }
        }
        throw new Failure(
                FailureKind.BUSY,
                "the proof record at " + url + " keeps being changed by another service",
                "Only one service may write to a replica; stop the other one.");
    }

    private static Optional<String> first(NavigableMap<String, RecordedPoint> points) {
        return points.isEmpty() ? Optional.empty() : Optional.of(points.firstKey());
    }

    /** Archives that still say what is recorded stay as they are; what is beyond the bound becomes others. */
    private ProofsDocument archived(List<Archive> before, NavigableMap<String, RecordedPoint> points, boolean pruned)
            throws Failure {
        List<Archive> kept = new ArrayList<>();
        NavigableMap<String, RecordedPoint> rest = new TreeMap<>(points);
        for (Archive archive : before) {
            Optional<List<RecordedPoint>> content = archives.read(archive);
            if (content.isEmpty()) {
                // What was in it is not known; that it is not must stay known until what is newer is dropped.
                if (!pruned || points.isEmpty() || archive.last().compareTo(points.firstKey()) >= 0) {
                    kept.add(archive);
                }
            } else if (stillSays(content.get(), points)) {
                kept.add(archive);
                content.get().forEach(point -> rest.remove(point.txid()));
            }
        }
        if (rest.size() > MAX_POINTS) {
            int excess = (rest.size() - MAX_POINTS + BATCH - 1) / BATCH * BATCH;
            List<RecordedPoint> oldest = new ArrayList<>(rest.values()).subList(0, excess);
            archive(kept, oldest);
            oldest.forEach(point -> rest.remove(point.txid()));
        }
        return new ProofsDocument(List.copyOf(rest.values()), kept, List.of());
    }

    /**
     * Points that retention dropped may stay in an archive, where they harm nobody, as long as its newest is
     * not dropped: what is cut off at the end must be gone from here, too.
     */
    private static boolean stillSays(List<RecordedPoint> archived, NavigableMap<String, RecordedPoint> points) {
        for (RecordedPoint point : archived) {
            RecordedPoint now = points.get(point.txid());
            if (now != null && !now.equals(point)) {
                return false;
            }
        }
        return points.containsKey(archived.get(archived.size() - 1).txid());
    }

    /** Adds points to the newest archive as long as there is room in it, and to new ones. */
    private void archive(List<Archive> kept, List<RecordedPoint> oldest) throws Failure {
        List<RecordedPoint> points = new ArrayList<>(oldest);
        if (!kept.isEmpty()) {
            Archive last = kept.get(kept.size() - 1);
            Optional<List<RecordedPoint>> content = archives.read(last);
            boolean continues = content.isPresent()
                    && content.get().size() < MAX_ARCHIVED
                    && last.last().compareTo(oldest.get(0).txid()) < 0;
            if (continues) {
                kept.remove(kept.size() - 1);
                points.addAll(0, content.get());
            }
        }
        for (int from = 0; from < points.size(); from += MAX_ARCHIVED) {
            kept.add(archives.write(points.subList(from, Math.min(points.size(), from + MAX_ARCHIVED))));
        }
    }

    private void cleanUp(List<Archive> before, List<Archive> after) {
        List<Archive> gone = new ArrayList<>(before);
        gone.removeAll(after);
        try {
            archives.delete(gone);
        } catch (Failure e) {
            // Keys that may not delete are as good as others; a few kilobytes stay at the replica.
            LOG.debugf(e, "archives of the proof record stay: %s", gone);
        }
    }

    private ProofsDocument parse(StoredObject object) throws Failure {
        return objects.parse(KEY, object, ProofsDocument.class);
    }

    /**
     * The object.
     *
     * @param points the newest, oldest first
     * @param archives where the older ones are, oldest first; earlier versions had none
     * @param pins the transactions that retention leaves alone; earlier versions had none
     */
    @RegisterForReflection
    record ProofsDocument(List<RecordedPoint> points, List<Archive> archives, List<String> pins) {
        /** Without points it is damaged. */
        ProofsDocument {
            Objects.requireNonNull(points, "points");
            points = List.copyOf(points);
            archives = archives == null ? List.of() : List.copyOf(archives);
            pins = pins == null ? List.of() : List.copyOf(pins);
        }

        private ProofsDocument pinning(List<String> others) {
            return new ProofsDocument(points, archives, others);
        }
    }
}
