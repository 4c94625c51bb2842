package io.github.litestow.page;

import io.github.litestow.outcome.TimeText;
import io.github.litestow.report.Overview;
import io.github.litestow.report.Verdict;
import io.quarkus.qute.TemplateData;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * The first page.
 *
 * @param verdict the label of the worst verdict
 * @param sentence the sentence that comes first
 * @param title what a browser's tab shows
 * @param unprotected what is not backed up, where that is more than the sentence says; twenty at most
 * @param banner what is said until something was proven; empty afterwards
 * @param states what can be asked for, with how many there are
 * @param rows the databases that are shown
 * @param search what was asked for
 * @param all how many match
 * @param first the number of the first one shown
 * @param last the number of the last one shown
 * @param page which page this is
 * @param pages how many there are
 * @param previous the address of the page before; empty on the first
 * @param next the address of the page after; empty on the last
 */
@TemplateData
@TemplateData(target = Overview.Phrase.class)
public record HomeView(
        String verdict,
        List<Overview.Phrase> sentence,
        String title,
        List<String> unprotected,
        String banner,
        List<State> states,
        List<DatabaseRow> rows,
        Search search,
        int all,
        int first,
        int last,
        int page,
        int pages,
        String previous,
        String next) {
    private static final int MOST = 20;

    /**
     * What can be asked for.
     *
     * @param label as in the address
     * @param words as people read it
     * @param count how many there are
     * @param chosen whether it was asked for
     */
    @TemplateData
    public record State(String label, String words, int count, boolean chosen) {}

    /** Returns whether there is no database at all. */
    public boolean none() {
        return states.get(0).count() == 0;
    }

    /** Shows what is asked for. */
    static HomeView of(Overview overview, Search search) {
        Search.Found found = search.in(overview);
        Instant now = overview.at();
        return new HomeView(
                overview.verdict().label(),
                overview.phrases(),
                title(overview),
                overview.unprotected().size() > 1
                        ? overview.unprotected().stream().limit(MOST).toList()
                        : List.of(),
                banner(overview),
                states(overview, search),
                found.shown().stream().map(one -> DatabaseRow.of(one, now)).toList(),
                search,
                found.all(),
                found.first(),
                found.shown().isEmpty() ? 0 : found.first() + found.shown().size() - 1,
                found.page(),
                found.pages(),
                found.page() > 1 ? search.address(found.page() - 1) : "",
                found.page() < found.pages() ? search.address(found.page() + 1) : "");
    }

    private static String title(Overview overview) {
        int risk =
                overview.counts().get(Verdict.AT_RISK) + overview.unprotected().size();
        return switch (overview.verdict()) {
            case AT_RISK -> risk + " at risk";
            case WAITING -> overview.databases().isEmpty() || overview.nothingYet() ? "Nothing yet" : "Not proven yet";
            case SAFE -> "Safe";
        };
    }

    private static String banner(Overview overview) {
        if (!overview.beforeTheFirstProof()) {
            return "";
        }
        if (overview.databases().isEmpty() && !overview.unprotected().isEmpty()) {
            return "";
        }
        if (overview.databases().isEmpty()) {
            return "No file that matches the pattern of a group was found. If there are databases already,"
                    + " check LITESTOW_FOLDER and DB_SQLITE: litestow config prints both. New ones are found as they come.";
        }
        if (overview.nothingYet()) {
            return "If an application has made its database already, check LITESTOW_FOLDER and DB_SQLITE: litestow"
                    + " config prints the path. Otherwise the first snapshot follows once it has.";
        }
        String when = overview.databases().stream()
                .flatMap(one -> one.status().backup().nextRun().stream())
                .min(Instant::compareTo)
                .map(time -> " The next run begins in " + TimeText.length(Duration.between(overview.at(), time)) + ".")
                .orElse(
                        overview.paused().isEmpty()
                                ? " No schedule is set: begin one by hand."
                                : " Slots are paused: resume them, or begin a run by hand.");
        return "No backup has been restored and compared yet, so nothing here is called safe." + when;
    }

    private static List<State> states(Overview overview, Search search) {
        return Stream.of(
                        new State("", "All", overview.databases().size(), false),
                        new State("at_risk", "At risk", overview.counts().get(Verdict.AT_RISK), false),
                        new State("waiting", "Not proven yet", overview.counts().get(Verdict.WAITING), false),
                        new State("safe", "Safe", overview.counts().get(Verdict.SAFE), false),
                        new State("offloaded", "Offloaded", overview.offloaded(), false),
                        new State("working", "Working", overview.working(), false),
                        new State("paused", "Paused", overview.paused().size(), false))
                .map(one -> new State(
                        one.label(), one.words(), one.count(), one.label().equals(search.state())))
                .toList();
    }
}
