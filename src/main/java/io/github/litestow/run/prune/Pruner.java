package io.github.litestow.run.prune;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.engine.Litestream;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.ReplicaFile;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.points.MarkRecord;
import io.github.litestow.run.RunContext;
import io.github.litestow.store.Replica;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Keeps the replica bounded: deletes the engine's files that no wanted restore point needs (design
 * section 7). {@link Removal} says which those are, and the engine is asked as well what it would read for
 * the points that are next to them.
 */
public final class Pruner {
    private static final Duration PLAN_TIMEOUT = Duration.ofSeconds(30);

    /** Each costs a listing by the engine; a run usually asks for one or two. */
    private static final int MAX_WITNESSES = 12;

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
     * @param oldest the first transaction of which the record stays; that of a wanted point may be older than all
     *     that a listing shows
     */
    record Plan(
            List<ReplicaFile> files,
            List<RestorePoint> lost,
            List<RestorePoint> kept,
            RetentionPolicy policy,
            Optional<String> oldest) {}

    /**
     * Returns what may be deleted now; nothing when every restore point is wanted.
     *
     * @param writing whether that is going to be done: then the lease is renewed if there is anything to do, and the
     *     record of pins may be mended on the way
     * @throws Failure when it cannot be said which points are pinned
     */
    Plan plan(Instant now, boolean writing) throws Failure {
        Optional<List<ReplicaFile>> confirmed = context.confirmedBy();
        Found found = found(confirmed.isPresent() ? confirmed.get() : replica.files(), now);
        if (found.nothingMayGo(now)) {
            return found.nothing();
        }
        if (writing) {
            context.database().lease().renew();
        }
        // Nothing goes on an older listing.
        found = confirmed.isPresent() ? found(replica.files(), now) : found;
        // Asked only now, and each time: a pin that was set a moment ago counts.
        Set<String> pinned = new MarkRecord(replica).pinnedNow(writing, context::warn);
        RetentionPolicy policy = found.policy().pinning(pinned);
        Set<String> kept = policy.kept(now);
        // What is left of a wanted point that does not restore just now stays, too: a file may come back.
        kept.addAll(pinned);
        kept.addAll(wantedThoughNotListed(found, now));
        Removal removal = asTheEngineSees(found.without(kept, now), kept, found);
        List<RestorePoint> stay = new ArrayList<>(found.points());
        stay.removeAll(removal.lost());
        return new Plan(
                removal.files(), removal.lost(), stay, policy, kept.stream().min(String::compareTo));
    }

    /**
     * Returns the wanted points of the record that the listing does not show, for it lacks a file: one listing that
     * is late or cut is no reason to delete what else they need.
     */
    private Set<String> wantedThoughNotListed(Found found, Instant now) throws Failure {
        SortedMap<String, RestorePoint> all = new TreeMap<>();
        replica.proofs().forEach(point -> all.put(point.txid(), point));
        found.points().forEach(point -> all.put(point.txid(), point));
        return new RetentionPolicy(
                        RetentionPolicy.believable(List.copyOf(all.values()), now),
                        settings.retention(),
                        settings.snapshot().timeZone(),
                        Set.of())
                .kept(now);
    }

    /** What a listing shows, and the policy before anybody was asked for pins. */
    private record Found(List<ReplicaFile> files, List<RestorePoint> points, RetentionPolicy policy, Duration grace) {
        boolean nothingMayGo(Instant now) {
            return without(policy.kept(now), now).lost().isEmpty();
        }

        Removal without(Set<String> kept, Instant now) {
            return Removal.of(files, points, kept, now.minus(grace));
        }

        Plan nothing() {
            return new Plan(List.of(), List.of(), points, policy, Optional.empty());
        }
    }

    private Found found(List<ReplicaFile> files, Instant now) throws Failure {
        List<RestorePoint> points = RetentionPolicy.believable(replica.points(files), now);
        RetentionPolicy policy = new RetentionPolicy(
                points, settings.retention(), settings.snapshot().timeZone(), Set.of());
        return new Found(files, points, policy, settings.retention().grace());
    }

    /**
     * The engine has the last word: of the kept points that would lose a file first, it is asked what it would
     * read. What is beyond so many of them waits for the next time.
     */
    private Removal asTheEngineSees(Removal removal, Set<String> wanted, Found found) throws Failure {
        Set<String> kept = new HashSet<>(wanted);
        // Of what the listing does not show whole the engine has no plan; it stays as it is.
        kept.retainAll(found.points().stream().map(RestorePoint::txid).toList());
        List<String> witnesses = removal.witnesses(kept);
        Set<String> needed = new HashSet<>();
        for (String txid : witnesses.subList(0, Math.min(witnesses.size(), MAX_WITNESSES))) {
            for (ReplicaFile file : litestream.plan(
                    settings, txid, context.deadline().remaining(PLAN_TIMEOUT), context.cancellation())) {
                if (needed.add(file.key())) {
                    requireThere(file);
                }
            }
        }
        if (witnesses.size() > MAX_WITNESSES) {
            String last = witnesses.get(MAX_WITNESSES - 1);
            Optional<String> next =
                    kept.stream().filter(txid -> txid.compareTo(last) < 0).max(String::compareTo);
            removal.files().stream()
                    .filter(file -> next.isPresent() && file.maxTxid().compareTo(next.get()) <= 0)
                    .forEach(file -> needed.add(file.key()));
        }
        return removal.without(needed);
    }

    /** What a point builds on instead of the files that go must be more than a name in a listing. */
    private void requireThere(ReplicaFile file) throws Failure {
        if (file.level() == Removal.SNAPSHOT_LEVEL
                && replica.store()
                        .readRange(file, 0, 1)
                        .filter(start -> start.length == 1)
                        .isEmpty()) {
            throw new Failure(
                    FailureKind.PROOF_FAILED,
                    settings.replica() + " lists " + file.key() + ", and does not have it",
                    "Nothing was deleted. The store lists late, or somebody deletes files there; `verify` says what"
                            + " still restores.");
        }
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
            replica.dropRecords(plan.lost(), plan.kept().size(), plan.oldest().orElseThrow());
            replica.store().deleteSetAside(now.minus(settings.retention().keepFor()), context::requireWritable);
        }
    }
}
