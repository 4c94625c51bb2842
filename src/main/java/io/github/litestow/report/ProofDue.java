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
        Optional<Duration> every =
                backup.offloaded() ? settings.verifyOffloadedEvery() : Optional.of(settings.verifyEvery());
        // The proof comes with a run, and runs come by the cron.
        Optional<Duration> most = every.flatMap(time -> backup.maxAgeSeconds().map(time::plusSeconds));
        return new ProofDue(age, most);
    }

    /** Returns whether it is older than it may be. */
    public boolean overdue() {
        return age.isPresent() && most.isPresent() && age.get().compareTo(most.get()) > 0;
    }
}
