package io.github.litestow.run;

import io.github.litestow.litestream.Litestream;
import io.github.litestow.litestream.LtxFile;
import io.github.litestow.outcome.Assurance;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.replica.Replica;
import io.github.litestow.replica.ReplicaFile;
import io.github.litestow.settings.DatabaseSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Keeps the replica bounded: deletes the engine's files that no wanted restore point needs (design
 * section 7). The engine is asked what it would read for the oldest wanted point; whatever ends
 * before that point and is not in its plan serves no wanted point.
 */
final class Pruning {
    private static final Duration PLAN = Duration.ofSeconds(30);

    private final RunScope scope;
    private final Litestream litestream;
    private final DatabaseSettings settings;
    private final Replica replica;

    Pruning(RunScope scope, Litestream litestream) {
        this.scope = scope;
        this.litestream = litestream;
        this.settings = scope.database().settings();
        this.replica = scope.database().replica();
    }

    /**
     * What would go.
     *
     * @param files to delete, oldest first
     * @param oldest the oldest restore point that stays
     * @param lost the restore points that go with the files
     */
    record Plan(List<ReplicaFile> files, RestorePoint oldest, List<RestorePoint> lost) {}

    /** Returns what may be deleted now; nothing when every restore point is wanted. */
    Plan plan(Instant now) throws Failure {
        List<RestorePoint> points = replica.points();
        if (points.isEmpty()) {
            return new Plan(List.of(), null, List.of());
        }
        RestorePoint oldest = oldestWanted(points, now);
        List<RestorePoint> lost =
                points.stream().filter(point -> point.compareTo(oldest) < 0).toList();
        if (lost.isEmpty()) {
            return new Plan(List.of(), oldest, lost);
        }
        Set<String> needed = new HashSet<>();
        for (LtxFile file :
                litestream.plan(settings, oldest.txid(), scope.deadline().remaining(PLAN), scope.cancellation())) {
            needed.add(file.level() + "/" + file.minTxid() + "-" + file.maxTxid());
        }
        String head = points.get(points.size() - 1).txid();
        Instant young = now.minus(settings.retention().grace());
        List<ReplicaFile> files = replica.files().stream()
                .filter(file -> file.maxTxid().compareTo(oldest.txid()) <= 0)
                .filter(file -> !needed.contains(file.level() + "/" + file.minTxid() + "-" + file.maxTxid()))
                // Where the replica ends the engine reads its position, from level 0 only.
                .filter(file -> !file.maxTxid().equals(head))
                // A restore that began a moment ago may still be reading it.
                .filter(file -> file.time().isBefore(young))
                .sorted((one, other) -> one.key().compareTo(other.key()))
                .toList();
        return new Plan(files, oldest, lost);
    }

    /** Deletes what the plan names; the engine's position, the newest file, is never in a plan. */
    void carryOut(Plan plan) throws Failure {
        for (ReplicaFile file : plan.files()) {
            scope.deadline().remaining();
            scope.mayWrite();
            replica.delete(file);
        }
        if (!plan.files().isEmpty()) {
            replica.forgetBefore(plan.oldest());
        }
    }

    private RestorePoint oldestWanted(List<RestorePoint> points, Instant now) {
        Instant from = now.minus(settings.retention().keepFor());
        RestorePoint newest = points.get(points.size() - 1);
        RestorePoint oldest =
                points.get(Math.max(0, points.size() - settings.retention().keepAtLeast()));
        RestorePoint proven = points.stream()
                .filter(point -> point.assurance() != Assurance.CONFIRMED)
                .max(RestorePoint::compareTo)
                .orElse(newest);
        RestorePoint inTime = points.stream()
                .filter(point -> point.time().isAfter(from))
                .findFirst()
                .orElse(newest);
        return List.of(oldest, proven, inTime).stream()
                .min(RestorePoint::compareTo)
                .orElse(newest);
    }
}
