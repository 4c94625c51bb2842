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
        Optional<Duration> every = promised(settings, backup, state);
        // The proof comes with a run, and runs come by the cron.
        Optional<Duration> most = every.flatMap(time -> backup.maxAgeSeconds().map(time::plusSeconds));
        return new ProofDue(age, most);
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
