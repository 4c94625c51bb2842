package io.github.litestow.run.restore;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.config.ReplicaUrl;
import io.github.litestow.engine.Litestream;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.points.MarkRecord;
import io.github.litestow.run.DiskSpace;
import io.github.litestow.run.RestoreAside;
import io.github.litestow.run.RunContext;
import io.github.litestow.run.Step;
import io.github.litestow.sqlite.RestoredFileInstaller;
import io.github.litestow.store.Replica;
import io.github.litestow.store.VersionedCopy;
import io.github.litestow.store.VersionedReplica;
import io.github.litestow.store.VersionedReplica.Known;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * A restore by the versions that the bucket keeps, when what is on top cannot be believed. What it needs goes
 * into a replica of its own beside the database, and from there the engine restores, checked as any restore.
 * Nothing is written to the bucket, to the database's place, or to what is known of the database.
 */
final class VersionsRestore {
    private final RunContext context;
    private final VersionsRequest request;
    private final Litestream litestream;

    VersionsRestore(RunContext context, VersionsRequest request, Litestream litestream) {
        this.context = context;
        this.request = request;
        this.litestream = litestream;
    }

    Outcome run() throws Failure {
        context.at(Step.LOOK);
        RestoredFileInstaller.requireRoomForNew(request.file());
        // Still a look: what is asked for wrongly says nothing of the replica.
        Replica bucket = context.database().replica();
        VersionedReplica versions = VersionedReplica.of(bucket);
        Known known = known(bucket, versions);
        context.at(Step.RESTORE);
        Path scratch = context.scratch();
        VersionedCopy copy = new VersionedCopy(
                versions,
                known,
                scratch.resolve("versions"),
                () -> context.deadline().remaining());
        DiskSpace.require(scratch, 2 * copy.bytes(), "the versions and the restored database");
        int passedOver = copy.make();
        if (passedOver > 0) {
            context.warn(passedOver + " files of which no version is whole were passed over");
        }
        Path file = scratch.resolve("restored.db");
        Optional<String> notChecked = restored(bucket, known, file);
        context.at(Step.PLACE);
        RestoredFileInstaller.putAside(file, request.file());
        return new Outcome.Restored(known.point(), true, notChecked);
    }

    private Known known(Replica bucket, VersionedReplica versions) throws Failure {
        if (request.at().isPresent()) {
            return versions.at(request.at().get());
        }
        return versions.transaction(
                request.txid().isPresent()
                        ? request.txid().get()
                        : labelled(request.label().orElseThrow(), bucket, versions));
    }

    private static String labelled(String label, Replica bucket, VersionedReplica versions) throws Failure {
        SortedMap<String, Instant> points = MarkRecord.everLabelled(label, bucket, versions);
        if (points.size() == 1) {
            return points.firstKey();
        }
        throw new Failure(
                FailureKind.REFUSED,
                points.isEmpty()
                        ? "in no version was a restore point labelled '" + label + "'"
                        : "the label '" + label + "' was at " + points.size() + " restore points: " + words(points),
                points.isEmpty()
                        ? "`list --versions` shows what there is."
                        : "Who overwrites objects can move a label, too: choose by when it was first there, with --txid.");
    }

    private static String words(SortedMap<String, Instant> points) {
        List<String> words = points.entrySet().stream()
                .map(one -> one.getKey() + " since " + one.getValue())
                .toList();
        return String.join(", ", words);
    }

    private Optional<String> restored(Replica bucket, Known known, Path file) throws Failure {
        ConfiguredDatabase settings = context.database().settings();
        ConfiguredDatabase there = new ConfiguredDatabase(
                settings.name(),
                settings.database(),
                new ReplicaUrl("file://" + context.scratch().resolve("versions"), "file"),
                settings.s3(),
                settings.settings());
        Optional<String> why = new RestoreAside(litestream, context.deadline(), context.cancellation())
                .restore(there, bucket.at(there, litestream), known.point().txid(), file);
        why.ifPresent(lacking -> context.warn("the restored database was not checked in full: " + lacking));
        return why;
    }
}
