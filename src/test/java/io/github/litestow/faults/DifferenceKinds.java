package io.github.litestow.faults;

import java.util.List;

/** The kinds of fault that happen to snapshots by difference. */
final class DifferenceKinds {
    private static final String GOES_ON = "the next start goes on by itself";
    private static final String EVERYTHING = "everything is uploaded";

    private DifferenceKinds() {}

    static List<Kind> all() {
        return List.of(
                new Kind("difference: SIGKILL while pages are read", GOES_ON, 1, 24, DifferenceFaults::killedWhileRead),
                new Kind(
                        "difference: SIGKILL while it is written",
                        GOES_ON,
                        1,
                        24,
                        DifferenceFaults::killedWhileWritten),
                new Kind("difference: SIGKILL before it is put", GOES_ON, 1, 24, DifferenceFaults::killedBeforePut),
                new Kind(
                        "difference: SIGKILL between put and confirmation",
                        GOES_ON,
                        1,
                        24,
                        DifferenceFaults::killedAfterPut),
                new Kind(
                        "difference: SIGKILL while it is proven, at each step",
                        GOES_ON,
                        1,
                        40,
                        DifferenceFaults::killedWhileProven),
                new Kind("difference: page index cut, flipped", EVERYTHING, 1, 24, DifferenceFaults::indexTorn),
                new Kind(
                        "difference: what it left here flipped, cut, missing, of another; state.json there or gone",
                        "goes on, or REFUSED; every row and point stays",
                        1,
                        40,
                        EngineStateFaults::difference),
                new Kind(
                        "difference: page index of another replica",
                        EVERYTHING,
                        1,
                        16,
                        DifferenceFaults::indexOfAnotherReplica),
                new Kind(
                        "difference: page index of an older point",
                        EVERYTHING,
                        1,
                        16,
                        DifferenceFaults::indexOfOlderPoint),
                new Kind(
                        "difference: another service uploads just before it is put",
                        "BUSY, then REFUSED; nothing is written over",
                        1,
                        16,
                        DifferenceFaults::twoServices),
                new Kind(
                        "difference: lease lost between put and confirmation",
                        "BUSY, nothing deleted; then goes on",
                        1,
                        16,
                        DifferenceFaults::leaseLostAfterPut),
                new Kind(
                        "difference: damaged at the replica, or a page is missing in it",
                        "healed by everything and proven",
                        2,
                        24,
                        DifferenceFaults::doesNotProve));
    }
}
