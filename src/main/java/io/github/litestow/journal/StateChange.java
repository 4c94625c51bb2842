package io.github.litestow.journal;

import io.github.litestow.outcome.Assurance;
import io.github.litestow.outcome.Mending;
import io.github.litestow.outcome.Operation;
import io.github.litestow.outcome.RecordedPoint;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.outcome.RunRecord;
import io.github.litestow.outcome.RunStatistics;
import io.github.litestow.sqlite.LocalFile;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The next {@link DatabaseState} in the making: each method says one thing that happened. Confined to
 * one {@link Journal#change}.
 */
public final class StateChange {
    private Optional<String> replicaId;
    private LocalDatabase local;
    private Optional<String> attributes;
    private Optional<RestorePoint> newest;
    private Optional<RestorePoint> newestProven;
    private Optional<Instant> provenAt;
    private Optional<Boolean> conditionalWrites;
    private Optional<String> notChecked;
    private final List<RecordedPoint> unrecorded;
    private final Map<Operation, RunRecord> lastSuccess = new EnumMap<>(Operation.class);
    private final Map<Operation, RunRecord> lastFailure = new EnumMap<>(Operation.class);
    private RunStatistics statistics;
    private Optional<Instant> firstSeen;
    private Optional<String> confirmedStamp;
    private Optional<Instant> retired;
    private Optional<Instant> paused;

    StateChange(DatabaseState from) {
        replicaId = from.replicaId();
        local = from.local();
        attributes = from.attributes();
        newest = from.newest();
        newestProven = from.newestProven();
        provenAt = from.provenAt();
        conditionalWrites = from.conditionalWrites();
        notChecked = from.notChecked();
        unrecorded = new ArrayList<>(from.unrecorded());
        lastSuccess.putAll(from.lastSuccess());
        lastFailure.putAll(from.lastFailure());
        statistics = from.statistics();
        firstSeen = from.firstSeen();
        confirmedStamp = from.confirmedStamp();
        retired = from.retired();
        paused = from.paused();
    }

    /** The replica was seen to have this identity, or none. */
    public StateChange replicaId(Optional<String> id) {
        replicaId = id;
        return this;
    }

    /** The replica is another one: what was confirmed and proven elsewhere says nothing of it. */
    public StateChange anotherReplica() {
        replicaId = Optional.empty();
        newest = Optional.empty();
        newestProven = Optional.empty();
        provenAt = Optional.empty();
        conditionalWrites = Optional.empty();
        confirmedStamp = Optional.empty();
        unrecorded.clear();
        return this;
    }

    /** The local database descends from this head; nothing is under way any more. */
    public StateChange descends(Lineage from) {
        local = new LocalDatabase.Descends(from);
        return this;
    }

    /**
     * A restored file is about to be put at the database's path.
     *
     * @param fileId which file
     * @param lineage what the database descends from once that file is there
     * @param head the replica's head that is accepted with it
     */
    public StateChange restoring(String fileId, Lineage lineage, RestorePoint head) {
        local = new LocalDatabase.Restoring(fileId, new LocalDatabase.Descends(lineage), head, local.settled());
        return this;
    }

    /**
     * The local database is about to be deleted on the proof of this transaction.
     *
     * @param fileId which file it is, opaque
     */
    public StateChange deleting(String txid, Optional<String> fileId) {
        local = new LocalDatabase.Deleting(txid, fileId, local.settled());
        return this;
    }

    /** The local database is deleted, on proof. */
    public StateChange offloaded() {
        local = new LocalDatabase.Offloaded();
        return this;
    }

    /** A run begins, and if a restore was under way, the file at the path says whether it got there. */
    public StateChange restoreDecided(Optional<String> fileId) {
        local.acceptedHead(fileId).ifPresent(this::headAccepted);
        local = local.restoreDecided(fileId);
        return this;
    }

    /** A run begins and looks at what the one before it left, as {@link LocalDatabase#after} says. */
    public StateChange recovered(LocalFile.State found, Optional<String> fileId) {
        restoreDecided(fileId);
        local = local.after(found, fileId);
        return this;
    }

    /** Owner and mode of the database, opaque. */
    public StateChange attributes(String text) {
        attributes = Optional.of(text);
        return this;
    }

    /** A restore point was made, or is now known better; the replica's own record lacks it. */
    public StateChange made(RestorePoint point) {
        return made(new RecordedPoint(point));
    }

    /** As above, with who uploaded it and its files; what was known of these before stays known. */
    public StateChange made(RecordedPoint point) {
        recorded(point.point());
        RecordedPoint known = unrecorded.stream()
                .filter(other -> other.txid().equals(point.txid()))
                .findFirst()
                .map(other -> new RecordedPoint(
                        point.point(),
                        other.and(point).uploadedBy(),
                        other.and(point).files(),
                        other.and(point).userVersion()))
                .orElse(point);
        unrecorded.removeIf(other -> other.txid().equals(point.txid()));
        unrecorded.add(known);
        return this;
    }

    /** The replica's own record holds this point. */
    public StateChange recorded(RestorePoint point) {
        if (newest.isEmpty() || newest.get().compareTo(point) <= 0) {
            newest = Optional.of(point);
        }
        boolean proven = point.assurance() != Assurance.CONFIRMED;
        if (proven && (newestProven.isEmpty() || newestProven.get().compareTo(point) <= 0)) {
            newestProven = Optional.of(point);
        }
        return this;
    }

    /** The replica's own record holds everything up to now. */
    public StateChange allRecorded() {
        unrecorded.clear();
        return this;
    }

    /** The newest proven point was proven at this time. */
    public StateChange provenAt(Instant time) {
        provenAt = Optional.of(time);
        return this;
    }

    /** The replica's store lets exactly one of two writers win, or it does not. */
    public StateChange conditionalWrites(boolean decides) {
        conditionalWrites = Optional.of(decides);
        return this;
    }

    /** SQLite could not check the database in full, for this reason; empty when it could. */
    public StateChange notChecked(Optional<String> why) {
        notChecked = why;
        return this;
    }

    /** The replica ends here, and that was accepted: whatever was newer is lost. */
    public StateChange headAccepted(RestorePoint head) {
        confirmedStamp = Optional.empty();
        if (newest.isEmpty() || newest.get().compareTo(head) > 0) {
            newest = Optional.of(head);
        }
        newestProven = newestProven.filter(point -> point.compareTo(head) <= 0);
        if (newestProven.isEmpty()) {
            // What was proven is lost, so that the next proof is due at once.
            provenAt = Optional.empty();
        }
        unrecorded.removeIf(point -> point.txid().compareTo(head.txid()) > 0);
        return this;
    }

    /** A run that began at this time found a database; empty when it found none. */
    public StateChange seen(Optional<Instant> time) {
        firstSeen = time.isPresent() ? firstSeen.or(() -> time) : time;
        return this;
    }

    /** With this size and these times the files hold what the replica ends with; empty when that is not known. */
    public StateChange confirmedStamp(Optional<String> stamp) {
        confirmedStamp = stamp;
        return this;
    }

    /** The file is gone since this time, and was not offloaded; empty when it is there again. */
    public StateChange retired(Optional<Instant> since) {
        retired = since;
        return this;
    }

    /** Slots of the cron begin no snapshot since this time; empty when they do again. Twice is since the first. */
    StateChange paused(Optional<Instant> since) {
        paused = since.isPresent() ? paused.or(() -> since) : since;
        return this;
    }

    /** That is so since exactly this time. */
    StateChange pausedAs(Optional<Instant> written) {
        paused = written;
        return this;
    }

    StateChange ended(RunRecord run) {
        statistics = run.statistics().over(statistics);
        boolean proven = provenAt.filter(time -> !time.isBefore(run.started())).isPresent();
        lastFailure.values().removeIf(failed -> Mending.mends(run, proven, failed));
        if (run.result().success()) {
            lastSuccess.put(run.operation(), run);
            // Dated by a clock that was ahead, a failure before would be the last one until that time comes.
            lastFailure.computeIfPresent(
                    run.operation(), (same, failed) -> failed.finished().isAfter(run.finished()) ? null : failed);
        } else if (run.result().failure().isPresent()) {
            lastFailure.put(run.operation(), run);
        }
        return this;
    }

    DatabaseState state() {
        return new DatabaseState(
                replicaId,
                local,
                attributes,
                newest,
                newestProven,
                provenAt,
                conditionalWrites,
                notChecked,
                unrecorded,
                lastSuccess,
                lastFailure,
                statistics,
                firstSeen,
                confirmedStamp,
                retired,
                paused);
    }
}
