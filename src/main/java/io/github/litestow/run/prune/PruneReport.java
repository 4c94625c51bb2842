package io.github.litestow.run.prune;

import io.github.litestow.outcome.ReplicaFile;
import io.github.litestow.outcome.RestorePoint;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What pruning deleted, or would delete, as {@code prune} prints it.
 *
 * @param database the database's name
 * @param dryRun whether nothing was deleted
 * @param files what was or would be deleted, newest first
 * @param bytes the size of these files together
 * @param restorePointsLost the restore points that go with them, oldest first
 * @param kept the restore points that stay, oldest first
 */
@RegisterForReflection
public record PruneReport(
        String database,
        boolean dryRun,
        List<File> files,
        long bytes,
        List<RestorePoint> restorePointsLost,
        List<Kept> kept) {

    /** One of the engine's files: its key below the replica URL as the engine's listing has it, size and time. */
    public record File(String key, long bytes, Instant time) {}

    /** A restore point that stays, and why. */
    public record Kept(RestorePoint point, String why) {}

    static PruneReport of(String database, boolean dryRun, Pruner.Plan plan, Instant now) {
        return new PruneReport(
                database,
                dryRun,
                plan.files().stream()
                        .map(file -> new File(file.key(), file.bytes(), file.time()))
                        .toList(),
                plan.files().stream().mapToLong(ReplicaFile::bytes).sum(),
                plan.lost(),
                plan.kept().stream()
                        .map(point -> new Kept(point, plan.policy().why(point, now)))
                        .toList());
    }

    /** Returns a line for the whole and one for each restore point, for a person. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "%s: %s %d files, %,d bytes; %d restore points lost, %d kept",
                database,
                dryRun ? "would delete" : "deleted",
                files.size(),
                bytes,
                restorePointsLost.size(),
                kept.size()));
        for (RestorePoint point : restorePointsLost) {
            lines.add("  " + (dryRun ? "would go" : "gone") + "  " + words(point));
        }
        for (Kept one : kept) {
            lines.add("  stays  " + words(one.point()) + "  " + one.why());
        }
        return lines;
    }

    private static String words(RestorePoint point) {
        return point.txid() + "  " + point.time() + "  " + point.assurance().label();
    }
}
