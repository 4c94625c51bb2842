package io.github.litestow.faults;

import java.util.List;

/** The kinds of fault that happen at the replica, on the way to it, and with clocks; a bucket is versitygw's. */
final class ReplicaKinds {

    private ReplicaKinds() {}

    static List<Kind> all() {
        return List.of(
                new Kind(
                        "`prune` killed at random: SIGKILL, SIGTERM",
                        "what is wanted restores; the next one does the rest",
                        0,
                        40,
                        CommandFaults::prune),
                new Kind(
                        "S3: `prune` killed at any request: SIGKILL, SIGTERM",
                        "what is wanted restores; the next one does the rest",
                        0,
                        40,
                        CommandFaults::pruneWithBucket),
                new Kind(
                        "`pin`, `unpin`, `label` killed at random: SIGKILL, SIGTERM",
                        "as before or as asked; no other mark touched",
                        0,
                        40,
                        CommandFaults::mark),
                new Kind(
                        "S3: `pin`, `unpin`, `label` killed at any request: SIGKILL, SIGTERM",
                        "as before or as asked; no other mark touched",
                        0,
                        40,
                        CommandFaults::markWithBucket),
                new Kind(
                        "clock days or a year off for one run, retention on",
                        "nothing deleted by it; as with a right clock afterwards",
                        0,
                        20,
                        ClockFaults::farOff),
                new Kind(
                        "our own objects at the replica gone, empty, torn, several at once",
                        "made anew, or named",
                        1,
                        24,
                        UpkeepFaults::ownObjects),
                new Kind(
                        "lease gone, torn, or of another at each step of a snapshot",
                        "BUSY or named, or proven; then goes on",
                        0,
                        28,
                        UpkeepFaults::leaseTaken),
                new Kind(
                        "two services take turns, one goes on from what was overtaken",
                        "every row restored; REFUSED for the overtaken",
                        0,
                        16,
                        UpkeepFaults::turns),
                new Kind(
                        "proven file replaced by a sound one of the same name",
                        "healed, or PROOF_FAILED by name",
                        1,
                        20,
                        UpkeepFaults::replacedObject),
                new Kind(
                        "many small files, some damaged; local database there",
                        "healed and proven, or failed by name",
                        0,
                        12,
                        UpkeepFaults::manySmall),
                new Kind(
                        "S3: SIGKILL between steps of a snapshot or a restore",
                        "the next start goes on by itself",
                        0,
                        15,
                        KillFaults::atBoundaryWithBucket),
                new Kind(
                        "S3: downloads cut after any byte",
                        "tried again, or REPLICA_UNREACHABLE; replica unchanged",
                        0,
                        12,
                        BucketFaults::cutDownloads),
                new Kind(
                        "S3: uploads cut at any part",
                        "made good, or failed by name; the database stays",
                        0,
                        12,
                        BucketFaults::cutUploads),
                new Kind(
                        "S3: refused or reset in bursts, any request",
                        "waited out, or failed by name",
                        0,
                        16,
                        BucketFaults::refusedInBursts),
                new Kind(
                        "S3: no answer from some request on (deadline 5 s)",
                        "TIMEOUT or REPLICA_UNREACHABLE",
                        0,
                        6,
                        BucketFaults::hanging),
                new Kind(
                        "S3: answers lost, of writes or reads",
                        "made good, or failed by name",
                        0,
                        12,
                        BucketFaults::lostAnswers),
                new Kind(
                        "S3: ETags weakened, unquoted, changed on their way",
                        "goes on, or failed by name",
                        0,
                        16,
                        BucketFaults::changedETags),
                new Kind(
                        "S3: unfinished uploads left in the bucket",
                        "given up, or passed over",
                        0,
                        8,
                        BucketFaults::unfinishedUploads),
                new Kind(
                        "S3: object flipped, cut, gone; database there or offloaded",
                        "healed, or failed by name; whole with the object back",
                        0,
                        16,
                        BucketFaults::damagedObject));
    }
}
