package io.github.litestow.page;

import io.github.litestow.outcome.FailureKind;
import java.util.ArrayList;
import java.util.List;

/** What each kind of failure means and what to do about it: the table of the manual, which a test compares. */
final class Mends {
    private static final int COLUMNS = 4;

    private final List<Mend> all = new ArrayList<>();

    /** Reads them. */
    Mends() {
        for (String line : Assets.text("page/failure-kinds.tsv").split("\n", -1)) {
            String[] cells = line.split("\t", -1);
            if (cells.length == COLUMNS) {
                all.add(new Mend(cells[0], cells[1], cells[2], cells[3]));
            }
        }
    }

    /** Returns all, as the manual lists them. */
    List<Mend> all() {
        return List.copyOf(all);
    }

    /** Returns that of one kind. */
    Mend of(FailureKind kind) {
        return all.stream()
                .filter(mend -> mend.kind().equals(kind.label()))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no mend for " + kind));
    }
}
