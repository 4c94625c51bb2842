package io.github.litestow.report;

import io.github.litestow.outcome.TimeText;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Every database, and one sentence that says whether a person may sleep. Immutable.
 *
 * @param at when it was looked at
 * @param databases all of them, worst first
 * @param counts how many have each verdict, each of which is there
 * @param unprotected what looks like a database of a group and is not backed up, each with the reason
 */
public record Overview(
        Instant at, List<DatabaseStanding> databases, Map<Verdict, Integer> counts, List<String> unprotected) {
    /** More names than this make a sentence unreadable. */
    private static final int NAMED = 3;

    /** Sorts and counts. */
    public static Overview of(Instant at, List<DatabaseStanding> databases, List<String> unprotected) {
        Map<Verdict, Integer> counts = new EnumMap<>(Verdict.class);
        for (Verdict verdict : Verdict.values()) {
            counts.put(verdict, 0);
        }
        databases.forEach(database -> counts.merge(database.verdict(), 1, Integer::sum));
        return new Overview(
                at, databases.stream().sorted(DatabaseStanding.WORST_FIRST).toList(), counts, unprotected);
    }

    /**
     * A part of the sentence.
     *
     * @param text what it says
     * @param name whether it is the name of a database
     */
    public record Phrase(String text, boolean name) {}

    /** Returns the worst verdict; of no database nothing is known, and what is not backed up is at risk. */
    public Verdict verdict() {
        return unprotected.isEmpty() ? worst() : Verdict.AT_RISK;
    }

    private Verdict worst() {
        return databases.isEmpty() ? Verdict.WAITING : databases.get(0).verdict();
    }

    /** Returns the databases that have this verdict, worst first. */
    public List<DatabaseStanding> with(Verdict verdict) {
        return databases.stream().filter(one -> one.verdict() == verdict).toList();
    }

    /** Returns how many are offloaded. */
    public int offloaded() {
        return Math.toIntExact(databases.stream()
                .filter(one -> one.status().backup().offloaded())
                .count());
    }

    /** Returns on how many a run works now. */
    public int working() {
        return Math.toIntExact(databases.stream()
                .filter(one -> one.status().working().isPresent())
                .count());
    }

    /** Returns the databases that are paused, worst first. */
    public List<DatabaseStanding> paused() {
        return databases.stream()
                .filter(one -> one.status().backup().paused().isPresent())
                .toList();
    }

    /** Returns whether nothing was ever proven here: the banner until the first proof. */
    public boolean beforeTheFirstProof() {
        return databases.stream()
                .allMatch(one -> one.status().backup().lastProven().isEmpty());
    }

    /** Returns whether there is nothing to prove, of no database: a wrong folder or file name looks like that. */
    public boolean nothingYet() {
        return !databases.isEmpty()
                && databases.stream()
                        .allMatch(one -> one.standing() == Standing.NOTHING_YET
                                && one.status().backup().state() == BackupState.NOTHING_YET);
    }

    /** Returns the sentence in words. */
    public String sentence() {
        StringBuilder text = new StringBuilder();
        phrases().forEach(phrase -> text.append(phrase.text()));
        return text.toString();
    }

    /** Returns the sentence, for example {@code 2 of 14 at risk: orders has not been proven for 3 d, and 1 more.} */
    public List<Phrase> phrases() {
        List<Phrase> sentence = new ArrayList<>(strangers());
        int all = databases.size();
        Verdict verdict = worst();
        List<DatabaseStanding> these = with(verdict);
        if (databases.isEmpty()) {
            return unprotected.isEmpty() ? List.of(new Phrase("No database is there yet.", false)) : sentence;
        }
        if (verdict == Verdict.SAFE && all == 1) {
            sentence.add(new Phrase(these.get(0).name(), true));
            sentence.add(new Phrase(" is safe: it " + these.get(0).words() + ".", false));
        } else if (verdict == Verdict.SAFE) {
            sentence.add(new Phrase(
                    "All " + all + " databases are safe: each was restored from its replica and compared, the longest"
                            + " ago " + oldestProof() + ".",
                    false));
        } else {
            sentence.addAll(trouble(verdict, these));
        }
        sentence.addAll(pauses());
        return sentence;
    }

    /** What nobody backs up is worse than anything that somebody does. */
    private List<Phrase> strangers() {
        if (unprotected.isEmpty()) {
            return List.of();
        }
        int others = unprotected.size() - 1;
        return List.of(new Phrase(
                "Not backed up: " + unprotected.get(0) + (others == 0 ? "." : ", and " + others + " more.")
                        + (databases.isEmpty() ? "" : " "),
                false));
    }

    /** Nobody may forget that nothing is backed up by itself. */
    private List<Phrase> pauses() {
        List<DatabaseStanding> paused = paused();
        List<Phrase> sentence = new ArrayList<>();
        int named = paused.size() <= NAMED ? paused.size() : NAMED - 1;
        for (int i = 0; i < named; i++) {
            sentence.add(new Phrase(i == 0 ? " Paused: " : ", ", false));
            sentence.add(new Phrase(paused.get(i).name(), true));
        }
        if (!paused.isEmpty()) {
            sentence.add(new Phrase(named < paused.size() ? " and " + (paused.size() - named) + " more." : ".", false));
        }
        return sentence;
    }

    private List<Phrase> trouble(Verdict verdict, List<DatabaseStanding> these) {
        List<Phrase> sentence = new ArrayList<>();
        int all = databases.size();
        String risk = verdict == Verdict.AT_RISK ? "at risk" : nothingYet() ? "nothing yet" : "not proven yet";
        sentence.add(new Phrase(
                all == 1
                        ? risk.substring(0, 1).toUpperCase(Locale.ROOT) + risk.substring(1) + ": "
                        : these.size() + " of " + all + " " + risk + ": ",
                false));
        int named = these.size() <= NAMED ? these.size() : NAMED - 1;
        for (int i = 0; i < named; i++) {
            sentence.add(new Phrase(these.get(i).name(), true));
            boolean last = i + 1 == these.size();
            sentence.add(new Phrase(" " + these.get(i).words() + (last ? "." : ", "), false));
        }
        if (named < these.size()) {
            sentence.add(new Phrase("and " + (these.size() - named) + " more.", false));
        }
        return sentence;
    }

    private String oldestProof() {
        Optional<Long> oldest = databases.stream()
                // Nothing proves them again, and nothing is written to them.
                .filter(one -> one.status().backup().state() != BackupState.RETIRED)
                .flatMap(one -> one.status().backup().provenAgeSeconds().stream())
                .max(Long::compare);
        return oldest.map(age -> TimeText.length(Duration.ofSeconds(age))).orElse("unknown");
    }
}
