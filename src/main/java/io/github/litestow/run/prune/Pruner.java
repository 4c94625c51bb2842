package io.github.litestow.run.prune;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.engine.Litestream;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.ReplicaFile;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.run.RunContext;
import io.github.litestow.store.Replica;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps the replica bounded: deletes the engine's files that no wanted restore point needs (design
 * section 7). The engine is asked what it would read for the oldest wanted point; whatever ends
 * before that point and is not in its plan serves no wanted point.
 */
public final class Pruner {
    private static final Duration PLAN_TIMEOUT = Duration.ofSeconds(30);

    private final RunContext context;
    private final Litestream litestream;
    private final ConfiguredDatabase settings;
    private final Replica replica;

    Pruner(RunContext context, Litestream litestream) {
        this.context = context;
        this.litestream = litestream;
        this.settings = context.database().settings();
        this.replica = context.database().replica();
    }

    /**
     * What would go, and what stays.
     *
     * @param files to delete, newest first: cut off in between, what is left of older points restores
     * @param lost the restore points that go with the files
     * @param kept the restore points that stay
     * @param policy why they do
     */
    record Plan(List<ReplicaFile> files, List<RestorePoint> lost, List<RestorePoint> kept, RetentionPolicy policy) {}

    /** Returns what may be deleted now; nothing when every restore point is wanted. */
    Plan plan(Instant now) throws Failure {
        List<ReplicaFile> files = replica.files();
        List<RestorePoint> points = RetentionPolicy.believable(replica.points(files), now);
        RetentionPolicy policy = new RetentionPolicy(points, settings.retention());
        Optional<RestorePoint> oldest = policy.oldestOneGraceAgo(now);
        List<RestorePoint> lost = points.stream()
                .filter(point -> oldest.isPresent() && point.compareTo(oldest.get()) < 0)
                .toList();
        if (lost.isEmpty()) {
            return new Plan(List.of(), List.of(), points, policy);
        }
        List<ReplicaFile> unneeded = unneeded(files, oldest.get(), now);
        return unneeded.isEmpty()
                ? new Plan(List.of(), List.of(), points, policy)
                : new Plan(unneeded, lost, points.subList(lost.size(), points.size()), policy);
    }

    private List<ReplicaFile> unneeded(List<ReplicaFile> files, RestorePoint oldest, Instant now) throws Failure {
        Set<String> needed = new HashSet<>();
        for (ReplicaFile file : litestream.plan(
                settings, oldest.txid(), context.deadline().remaining(PLAN_TIMEOUT), context.cancellation())) {
            needed.add(file.level() + "/" + file.minTxid() + "-" + file.maxTxid());
        }
        Optional<String> head = files.stream().map(ReplicaFile::maxTxid).max(String::compareTo);
        Instant young = now.minus(settings.retention().grace());
        return files.stream()
                .filter(file -> file.maxTxid().compareTo(oldest.txid()) <= 0)
                .filter(file -> !needed.contains(file.level() + "/" + file.minTxid() + "-" + file.maxTxid()))
                // Where the replica ends the engine reads its position, from level 0 only.
                .filter(file -> head.filter(file.maxTxid()::equals).isEmpty())
                // A restore that began a moment ago may still be reading it.
                .filter(file -> file.time().isBefore(young))
                .sorted(Comparator.comparing(ReplicaFile::maxTxid).reversed().thenComparing(ReplicaFile::level))
                .toList();
    }

    /**
     * Deletes what the plan names, and what earlier versions set aside that long ago; the engine's
     * position, the newest file, is never in a plan.
     */
    void carryOut(Plan plan, Instant now) throws Failure {
        for (ReplicaFile file : plan.files()) {
            context.deadline().remaining();
            context.requireWritable();
            replica.delete(file);
        }
        if (!plan.files().isEmpty()) {
            replica.dropRecordsBefore(plan.kept().get(0));
            replica.store().deleteSetAside(now.minus(settings.retention().keepFor()), context::requireWritable);
        }
    }
}
