package io.github.litestow.faults;

import java.util.List;

/** The kinds of fault that happen on the database's own disk, between runs and during them. */
final class LocalKinds {

    private LocalKinds() {}

    static List<Kind> all() {
        return List.of(
                new Kind(
                        "a bit flipped in the engine's local state",
                        "made anew; every point stays",
                        1,
                        24,
                        EngineStateFaults::flipped),
                new Kind(
                        "engine's local state missing, cut, empty, too long, of an earlier run",
                        "made anew; every point stays",
                        0,
                        24,
                        EngineStateFaults::lostOrOlder),
                new Kind(
                        "state.json cut, flipped, empty, missing, of an earlier run",
                        "goes on, or DISK and goes on without it",
                        2,
                        24,
                        RecordFaults::stateSpoiled),
                new Kind(
                        "history of runs torn at any byte, inside a character, rubbish",
                        "nothing is stopped",
                        2,
                        20,
                        RecordFaults::runsTorn),
                new Kind(
                        "older copy put over the database: cp, rename, with its WAL",
                        "REFUSED; restore --replace",
                        2,
                        24,
                        CopyFaults::olderCopy),
                new Kind(
                        "volume rolled back, folder put back, state folder and all",
                        "REFUSED, left alone at a start",
                        2,
                        24,
                        CopyFaults::rolledBack),
                new Kind(
                        "WAL of a killed application removed, cut, flipped by hand",
                        "whole, or REFUSED; restore --replace",
                        1,
                        18,
                        CopyFaults::walByHand),
                new Kind(
                        "database file longer than it should be: zeros, rubbish",
                        "whole, or refused; restore --replace",
                        1,
                        12,
                        CopyFaults::grown),
                new Kind(
                        "new build put in place by rename at each step of a snapshot",
                        "never deleted unproven; the old points stay",
                        0,
                        27,
                        SwapFaults::replacedAtStep),
                new Kind(
                        "second name (hard link) given at each step of a snapshot",
                        "REFUSED or BUSY; both names keep every row",
                        1,
                        18,
                        SwapFaults::secondName),
                new Kind(
                        "restore cut at each step, again, an empty or hollow file there",
                        "the next one restores; never `nothing to do`",
                        3,
                        36,
                        RestoreFaults::cutAtStep),
                new Kind(
                        "an application opens first, at each step of a restore",
                        "its rows stay; the rest is restored",
                        0,
                        36,
                        RestoreFaults::applicationFirst),
                new Kind(
                        "engine fails in a restore, or leaves half a file and says it is whole",
                        "failed by name, nothing at the path; then restored",
                        2,
                        24,
                        RestoreFaults::engineFails),
                new Kind(
                        "page size changed by VACUUM between runs, back and forth",
                        "a new series; the earlier points stay",
                        0,
                        18,
                        MigrationFaults::pageSize),
                new Kind(
                        "VACUUM, auto_vacuum, purges, migrations, other journal modes between runs",
                        "backed up, or REFUSED as shrunken",
                        0,
                        18,
                        MigrationFaults::maintenance),
                new Kind(
                        "VACUUM, checkpoints, migrations, other journal modes at each step of a snapshot",
                        "backed up, BUSY, or REFUSED as shrunken",
                        0,
                        90,
                        MigrationFaults::maintenanceAtStep),
                new Kind(
                        "schema that needs its application, alone and with damage beside",
                        "never damaged, never passed over; restored",
                        1,
                        24,
                        MigrationFaults::ownSchema),
                new Kind(
                        "application killed in a transaction: hot journal, WAL without a commit",
                        "exactly what was committed",
                        1,
                        24,
                        ApplicationFaults::killedInTransaction),
                new Kind(
                                "database, its folder or ours immutable from one step on",
                                "DISK, or kept; then offloaded",
                                0,
                                24,
                                ApplicationFaults::immutable)
                        .asRoot());
    }
}
