package io.github.litestow.run;

import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.ReplicaFile;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * With which files the only copy of a database did not restore. As long as the replica lists just these, another
 * restore shows the same, and each would download all of it: a slot waits for an hour then. Known to this process
 * alone. Safe for concurrent use.
 */
public final class Refutation {
    private static final Duration PATIENCE = Duration.ofHours(1);

    private volatile Optional<Known> known = Optional.empty();

    private record Known(List<ReplicaFile> files, Failure why, Instant at) {}

    /** Forgets it: a restore ended well. */
    public void over() {
        known = Optional.empty();
    }

    /** Remembers that a restore failed; {@code files} is what was listed before it. */
    public void found(List<ReplicaFile> files, Failure why, Instant now) {
        known = Optional.of(new Known(List.copyOf(files), why, now));
    }

    /**
     * Returns why a restore of what is listed now would fail.
     *
     * @param files what is listed, in the same order
     * @param proven when a restore of it ended well for the last time
     * @return empty when they are others, or it was found longer ago than an hour, or before that
     */
    public Optional<Failure> by(List<ReplicaFile> files, Optional<Instant> proven, Instant now) {
        return known.filter(found -> found.files().equals(files))
                .filter(found -> proven.filter(found.at()::isBefore).isEmpty())
                .filter(found -> RunTime.lately(found.at(), PATIENCE, now))
                .map(found -> new Failure(
                        found.why().kind(),
                        found.why().getMessage() + " (found at " + found.at()
                                + "; the replica lists the same files since)",
                        found.why().hint() + " A slot notices changed files at once, and restores the same ones again"
                                + " once an hour; `verify` does at once.",
                        found.why()));
    }
}
