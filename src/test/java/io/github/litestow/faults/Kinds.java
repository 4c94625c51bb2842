package io.github.litestow.faults;

import java.util.List;
import java.util.stream.Stream;

/** Every kind of fault, in the order of the suite. */
public final class Kinds {

    private Kinds() {}

    /** Returns all of them. */
    public static List<Kind> all() {
        return Stream.of(inRuns(), LocalKinds.all(), ReplicaKinds.all(), DifferenceKinds.all())
                .flatMap(List::stream)
                .toList();
    }

    private static List<Kind> inRuns() {
        return List.of(
                new Kind(
                        "SIGKILL at each step boundary",
                        "the next start goes on by itself",
                        8,
                        45,
                        KillFaults::atBoundary),
                new Kind(
                        "SIGKILL as files appear, are marked, vanish",
                        "the next start goes on by itself",
                        4,
                        64,
                        KillFaults::whenFileShows),
                new Kind(
                        "SIGKILL at random: service, engine, both; a writer beside",
                        "the next start goes on by itself",
                        3,
                        96,
                        KillFaults::atRandom),
                new Kind(
                        "frozen in a snapshot, relieved of the lease, thawed: service, engine, both",
                        "what went on is restored; a late write is not",
                        2,
                        90,
                        FreezeFaults::thawedTooLate),
                new Kind("SIGTERM mid-run", "cut short, last snapshot, nothing deleted", 2, 24, KillFaults::terminated),
                new Kind(
                        "writer at one step: before, between, under the seal, after",
                        "compared again, or kept",
                        12,
                        144,
                        WriterFaults::writerAtStep),
                new Kind(
                        "writer all the time, connection held or reopened",
                        "offloaded, kept, or BUSY",
                        4,
                        72,
                        WriterFaults::writerAllTheTime),
                new Kind(
                        "opener waiting on busy_timeout through the seal",
                        "never told committed into a deleted file",
                        8,
                        504,
                        WriterFaults::openerThatWaits),
                new Kind(
                        "another file put in place, copied into it, linked, while it is deleted",
                        "what was proven is deleted, or BUSY",
                        4,
                        240,
                        ReplaceFaults::duringDeletion),
                new Kind("reader with a long transaction", "kept: in use, or BUSY", 2, 18, WriterFaults::longReader),
                new Kind(
                        "exclusive lock held through a run",
                        "BUSY, or kept: in use",
                        1,
                        6,
                        WriterFaults.exclusiveLock(0)),
                new Kind("exclusive lock held 30 s", "BUSY, or kept: in use", 0, 3, WriterFaults.exclusiveLock(30)),
                new Kind(
                        "two triggers, two processes, command beside service",
                        "one works; SKIPPED or BUSY",
                        3,
                        24,
                        TwoFaults::twoAtOnce),
                new Kind(
                        "empty, foreign, other, shrunken, damaged, cut, second host, diverged",
                        "REFUSED or SOURCE_DAMAGED",
                        8,
                        32,
                        SourceFaults::badSource),
                new Kind(
                        "stale side files and engine state, main file missing or empty",
                        "to quarantine, then restored",
                        6,
                        30,
                        SourceFaults::staleSideFiles),
                new Kind("engine stores nothing and exits 0", "PROOF_FAILED", 7, 28, EngineFaults::storesNothing),
                new Kind(
                        "engine hangs, floods, babbles, dies",
                        "TIMEOUT, PROOF_FAILED or INTERNAL",
                        0,
                        20,
                        EngineFaults::hangsFloodsBabbles),
                new Kind(
                        "replica object flipped, cut, missing; local database offloaded",
                        "restored whole, or failed by name",
                        0,
                        200,
                        ReplicaFaults::damagedWhileOffloaded),
                new Kind(
                        "replica object flipped, cut, missing; local database there",
                        "healed and proven, or failed by name",
                        0,
                        75,
                        ReplicaFaults::damagedWhileKept),
                new Kind(
                                "replica folder vanished, a file, read-only, full",
                                "REPLICA_MISSING, REPLICA_UNREACHABLE or DISK",
                                0,
                                20,
                                ReplicaFaults::folderTrouble)
                        .asRoot(),
                new Kind("disk full from one step of a snapshot on", "DISK, or kept", 0, 40, DiskFaults::fullDisk)
                        .asRoot(),
                new Kind(
                                "disk full from one step of a restore on",
                                "DISK, or restored",
                                0,
                                25,
                                DiskFaults::fullDiskInRestore)
                        .asRoot(),
                new Kind(
                                "database mounted by itself, in a sticky folder of another",
                                "kept, with one warning",
                                0,
                                20,
                                DiskFaults::notRemovable)
                        .asRoot(),
                new Kind(
                                "less room than a restore needs, at once or soon",
                                "DISK, before the disk is full",
                                0,
                                20,
                                DiskFaults::noRoomForRestore)
                        .asRoot(),
                new Kind("clock an hour back and ahead", "as with a right clock", 0, 24, ReplicaFaults::clock),
                new Kind(
                                "database read-only, folder not writable, other owner, replica not writable",
                                "DISK, ACCESS_DENIED",
                                0,
                                12,
                                DiskFaults::forbidden)
                        .asRoot(),
                new Kind(
                        "symbolic link as database, side file, folder",
                        "REFUSED, never followed",
                        0,
                        24,
                        DiskFaults::symbolicLinks));
    }
}
