package io.github.litestow.report;

import io.github.litestow.run.Database;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * How many databases are doing, in a few figures: how many are in which state, and the worst by name.
 * Immutable.
 *
 * @param total how many there are
 * @param states how many are in each state, all states
 * @param offloaded how many are offloaded, whatever their state
 * @param failing how many have a last failure that is not mended
 * @param alarming how many give reason for alarm, {@code unprotected} among them
 * @param proofOverdue of how many the proof is overdue
 * @param oldestSeconds the greatest age of a backup that has one
 * @param worst the ten worst of those that give reason for alarm or fail, else of the greatest age
 * @param unprotected what looks like a database of a group and is not backed up, each with the reason
 */
public record FleetStatus(
        int total,
        Map<BackupState, Integer> states,
        int offloaded,
        int failing,
        int alarming,
        int proofOverdue,
        long oldestSeconds,
        List<DatabaseStatus> worst,
        List<String> unprotected) {
    /** Above so many, a list of all is nothing that a person reads. */
    public static final int MANY = 100;

    private static final int WORST = 10;

    static FleetStatus of(
            List<Database> databases,
            List<String> unprotected,
            Function<Database, DatabaseStatus> status,
            Instant now) {
        Map<BackupState, Integer> states = new EnumMap<>(BackupState.class);
        Stream.of(BackupState.values()).forEach(state -> states.put(state, 0));
        int offloaded = 0;
        int failing = 0;
        int alarming = unprotected.size();
        int overdue = 0;
        long oldest = 0;
        List<Judged> all = databases.stream()
                .map(database -> Judged.of(database, status.apply(database), now))
                .toList();
        for (Judged one : all) {
            states.merge(one.status().backup().state(), 1, Integer::sum);
            offloaded += one.status().backup().offloaded() ? 1 : 0;
            failing += one.status().lastFailure().isPresent() ? 1 : 0;
            alarming += one.alarming() ? 1 : 0;
            overdue += one.proofOverdue() ? 1 : 0;
            oldest = Math.max(oldest, one.age());
        }
        List<DatabaseStatus> worst = all.stream()
                .sorted(Judged.WORST_FIRST)
                .limit(WORST)
                .map(Judged::status)
                .toList();
        return new FleetStatus(all.size(), states, offloaded, failing, alarming, overdue, oldest, worst, unprotected);
    }

    private record Judged(DatabaseStatus status, boolean alarming, boolean proofOverdue) {
        private static final Comparator<Judged> WORST_FIRST = Comparator.comparing(Judged::alarming)
                .thenComparing(one -> one.status().lastFailure().isPresent())
                .thenComparing(Judged::age)
                .reversed()
                .thenComparing(one -> one.status().backup().database());

        static Judged of(Database database, DatabaseStatus status, Instant now) {
            ProofDue proof = ProofDue.of(
                    database.settings(), status.backup(), database.journal().state(), now);
            return new Judged(status, !status.backup().acceptable(database.settings()), proof.overdue());
        }

        long age() {
            return status.backup().ageSeconds().orElse(0L);
        }
    }

    /** Returns the counts in a line for a person, for example {@code 12 databases: 11 fresh, 1 stale}. */
    public String words() {
        StringBuilder text = new StringBuilder(total + " databases:");
        String comma = " ";
        for (Map.Entry<BackupState, Integer> state : states.entrySet()) {
            if (state.getValue() > 0) {
                text.append(comma)
                        .append(state.getValue())
                        .append(' ')
                        .append(state.getKey().label().replace('_', ' '));
                comma = ", ";
            }
        }
        return text + (total == 0 ? " none" : "") + (failing > 0 ? "; " + failing + " failing" : "") + strangers();
    }

    private String strangers() {
        int files = unprotected.size();
        return files == 0 ? "" : "; " + files + (files == 1 ? " file is" : " files are") + " not backed up";
    }
}
