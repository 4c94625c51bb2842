package io.github.litestow.faults;

import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What was seen in one trial: how its runs ended, how soon trouble was named, and which promises were broken. */
abstract class Findings {
    private final List<String> observed = new ArrayList<>();
    private final List<String> broken = new ArrayList<>();
    private Duration detection = Duration.ZERO;

    /** Counts how a run ended, and how long a failing one took to say so. */
    void saw(Outcome outcome, Duration took) {
        String what = outcome.label();
        if (outcome instanceof Outcome.Failed failed) {
            what = failed.kind().label();
            detection = detection.compareTo(took) < 0 ? took : detection;
            if (failed.kind() == FailureKind.INTERNAL) {
                what += " (" + failed.step() + ": " + failed.cause() + ")";
            }
        } else if (outcome instanceof Outcome.Snapshotted snapshotted) {
            what = snapshotted.kept().label();
        }
        observed.add(what);
    }

    /** Counts how something else than a run ended. */
    void saw(String what) {
        observed.add(what);
    }

    void expect(boolean kept, String promise) {
        if (!kept) {
            broken.add(promise + "; runs ended: " + observed);
        }
    }

    void expectFailure(Outcome outcome, FailureKind... kinds) {
        boolean right =
                outcome instanceof Outcome.Failed failed && List.of(kinds).contains(failed.kind());
        expect(right, "expected " + List.of(kinds) + ", got " + outcome);
    }

    void expectOffloaded(Outcome outcome) {
        expect(outcome instanceof Outcome.Offloaded, "expected the database to be offloaded, got " + outcome);
    }

    /** Writes down a promise that was not kept. */
    final void broken(String promise) {
        broken.add(promise);
    }

    /** Returns all of it, with what is known of the rows. */
    final Trial trial(int rows, int lost, List<String> alsoBroken) {
        List<String> all = new ArrayList<>(broken);
        all.addAll(alsoBroken);
        return new Trial(rows, lost, detection, List.copyOf(observed), all);
    }
}
