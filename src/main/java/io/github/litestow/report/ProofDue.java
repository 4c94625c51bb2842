package io.github.litestow.report;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.journal.DatabaseState;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How old a database's newest proof is, and how old it may be. Immutable.
 *
 * @param age how long ago it was proven; where it never was, how long it has been there; empty when neither is
 *     known
 * @param most the age above which the proof is overdue; empty when nobody promised one
 */
public record ProofDue(Optional<Duration> age, Optional<Duration> most) {

    /** Derives it; touches nothing. */
    public static ProofDue of(ConfiguredDatabase settings, BackupStatus backup, DatabaseState state, Instant now) {
        Optional<Duration> age = backup.provenAgeSeconds()
                .map(Duration::ofSeconds)
                .or(() ->
                        state.firstSeen().filter(seen -> !seen.isAfter(now)).map(seen -> Duration.between(seen, now)));
        return due(
                promised(settings, backup, state), age, backup.maxAgeSeconds().map(Duration::ofSeconds));
    }

    /** As {@link #of}, of a database that is offloaded; {@code maxAge} is the age above which a backup is stale. */
    static ProofDue ofOffloaded(ConfiguredDatabase settings, Optional<Duration> age, Optional<Duration> maxAge) {
        return due(settings.verifyOffloadedEvery(), age, maxAge);
    }

    /** The proof comes with a run, and runs come by the cron. */
    private static ProofDue due(Optional<Duration> every, Optional<Duration> age, Optional<Duration> maxAge) {
        return new ProofDue(age, every.flatMap(time -> maxAge.map(time::plus)));
    }

    /** As runs keep it: see {@code run.QuietCheck}, and {@code docs/scale.md} for what is of a group. */
    private static Optional<Duration> promised(ConfiguredDatabase settings, BackupStatus backup, DatabaseState state) {
        if (backup.offloaded()) {
            return settings.verifyOffloadedEvery();
        }
        boolean nothingHere = backup.state() == BackupState.RETIRED || backup.state() == BackupState.AT_REPLICA;
        boolean onceIsEnough = settings.group().isPresent() && state.newestIsProven();
        return nothingHere || onceIsEnough ? Optional.empty() : Optional.of(settings.verifyEvery());
    }

    /** Returns whether it is older than it may be. */
    public boolean overdue() {
        return age.isPresent() && most.isPresent() && age.get().compareTo(most.get()) > 0;
    }
}
