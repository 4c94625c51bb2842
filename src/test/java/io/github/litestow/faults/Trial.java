package io.github.litestow.faults;

import java.time.Duration;
import java.util.List;

/**
 * What one trial showed.
 *
 * @param acknowledged how many rows a writer was told are committed
 * @param lost how many of these neither the database's path nor the replica shows
 * @param detection how long the slowest failing run took to say so
 * @param observed how the runs ended
 * @param broken promises that were not kept, in words
 */
public record Trial(int acknowledged, int lost, Duration detection, List<String> observed, List<String> broken) {

    /** Returns whether every promise was kept. */
    public boolean kept() {
        return lost == 0 && broken.isEmpty();
    }

    /** Returns the same with a name, to find the trial again. */
    Trial labelled(String label) {
        return new Trial(
                acknowledged,
                lost,
                detection,
                observed,
                broken.isEmpty()
                        ? List.of(label + ": rows lost")
                        : broken.stream().map(what -> label + ": " + what).toList());
    }
}
