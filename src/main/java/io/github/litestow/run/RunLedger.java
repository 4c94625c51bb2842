package io.github.litestow.run;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.journal.Lineage;
import io.github.litestow.outcome.Assurance;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.ProvenFile;
import io.github.litestow.outcome.RecordedPoint;
import io.github.litestow.outcome.ReplicaFile;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.sqlite.FileHistory;
import io.github.litestow.sqlite.StateFolder;
import io.github.litestow.store.Replica;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What one run brought to the replica and proved there, and how that is written down. */
public final class RunLedger {
    private static final Duration LOCK_TIMEOUT = Duration.ofSeconds(5);

    private final RunContext context;
    private final RunTime time;
    private final ConfiguredDatabase settings;
    private final Replica replica;
    /** What the replica held before the engine ran. */
    private Set<String> before = Set.of();
    /** The transactions that this run brought there. */
    private final Set<String> uploaded = new HashSet<>();
    /** What the files of a transaction were before it was restored. */
    private final Map<String, List<ProvenFile>> evidence = new HashMap<>();
    /** What the restored file of a transaction says of itself. */
    private final Map<String, Integer> userVersions = new HashMap<>();

    RunLedger(RunContext context, RunTime time) {
        this.context = context;
        this.time = time;
        this.settings = context.database().settings();
        this.replica = context.database().replica();
    }

    /** Notes what a listing shows right before an engine uploads. */
    void before(List<ReplicaFile> files) {
        before = files.stream().map(ReplicaFile::key).collect(Collectors.toSet());
    }

    /** Notes what a listing shows after that. */
    void after(List<ReplicaFile> files) {
        context.confirmedBy(files);
        files.stream()
                .filter(file -> !before.contains(file.key()))
                .map(ReplicaFile::maxTxid)
                .filter(txid -> before.stream().noneMatch(key -> key.endsWith("-" + txid + ".ltx")))
                .forEach(uploaded::add);
        context.statistics()
                .uploaded(files.stream()
                        .filter(file -> !before.contains(file.key()))
                        .mapToLong(ReplicaFile::bytes)
                        .sum());
        before(files);
    }

    /** Notes what the files of a point were, whose restore ended well. */
    void restored(RestorePoint point, List<ProvenFile> files, Optional<Integer> userVersion) {
        evidence.put(point.txid(), files);
        userVersion.ifPresent(version -> userVersions.put(point.txid(), version));
    }

    /** Returns the recorded point of this transaction, if it was confirmed before. */
    public Optional<RestorePoint> known(String txid) {
        return context.database()
                .journal()
                .state()
                .newest()
                .filter(point -> point.txid().equals(txid));
    }

    /**
     * Writes down that the local database is where {@code point} came from, after making sure that the file is still
     * the one that was let pass.
     *
     * @param bytes its size
     * @param fingerprint its fingerprint, if nothing was written to it since
     */
    public void record(RestorePoint point, long bytes, Optional<String> fingerprint) throws Failure {
        Optional<String> identity = replica.idOrCreate(
                context.identity(), context.database().journal().state().replicaId());
        Lineage lineage = new Lineage(identity, Optional.of(point.txid()), bytes, fingerprint, history());
        RecordedPoint made = recorded(point);
        context.database()
                .journal()
                .change(change -> change.replicaId(identity).descends(lineage).made(made));
    }

    /** What is known of a file that is locked just now stays known: the numbers only go up. */
    private Optional<FileHistory> history() throws Failure {
        Optional<FileHistory> now = context.admitted().uploaded(LOCK_TIMEOUT);
        return now.isPresent()
                ? now
                : context.database().journal().state().lineage().flatMap(Lineage::history);
    }

    /** Returns a point as the replica's record is to hold it, with what this run knows of it. */
    public RecordedPoint recorded(RestorePoint point) throws Failure {
        boolean proven = point.assurance() != Assurance.CONFIRMED;
        return new RecordedPoint(
                point,
                uploader(point.txid()),
                proven ? evidence.getOrDefault(point.txid(), List.of()) : List.of(),
                Optional.ofNullable(userVersions.get(point.txid())));
    }

    /** Whoever finds the replica's head as this machine left it did not upload it. */
    private Optional<String> uploader(String txid) throws Failure {
        return uploaded.contains(txid) ? Optional.of(StateFolder.id(settings)) : Optional.empty();
    }

    /** Writes down that {@code point} was proven now, and the local database is where it came from. */
    public void recordProof(RestorePoint point, long bytes) throws Failure {
        record(point, bytes, Optional.empty());
        context.database().journal().change(change -> change.provenAt(time.now()));
    }
}
