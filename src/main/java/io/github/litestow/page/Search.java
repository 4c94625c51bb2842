package io.github.litestow.page;

import io.github.litestow.report.DatabaseStanding;
import io.github.litestow.report.Overview;
import io.quarkus.qute.TemplateData;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Which databases somebody wants to see, in which order, and which part of them. What makes no sense is
 * taken for what does: an address is typed by people.
 *
 * @param q a part of their names; empty for all
 * @param state the label of a verdict, {@code offloaded}, {@code working} or {@code paused}; empty for all
 * @param sort {@code risk}, {@code name}, {@code proven}, {@code backup} or {@code size}
 * @param page which page, 1 or more
 */
@TemplateData
public record Search(String q, String state, String sort, int page) {
    /** How many fit in a hundred kilobytes. */
    static final int ROWS = 50;

    private static final int LONGEST = 200;

    private static final Map<String, Comparator<DatabaseStanding>> ORDERS = Map.of(
            "risk", DatabaseStanding.WORST_FIRST,
            "name", Comparator.comparing(DatabaseStanding::name),
            "proven",
                    Comparator.comparing((DatabaseStanding one) ->
                                    -one.status().backup().provenAgeSeconds().orElse(Long.MAX_VALUE))
                            .thenComparing(DatabaseStanding::name),
            "backup",
                    Comparator.comparing((DatabaseStanding one) ->
                                    -one.status().backup().ageSeconds().orElse(Long.MAX_VALUE))
                            .thenComparing(DatabaseStanding::name),
            "size",
                    Comparator.comparing((DatabaseStanding one) -> -one.databaseBytes())
                            .thenComparing(DatabaseStanding::name));

    /** Takes what was asked for. */
    static Search of(String q, String state, String sort, int page) {
        String wanted = q.strip();
        return new Search(
                wanted.length() > LONGEST ? wanted.substring(0, LONGEST) : wanted,
                state,
                ORDERS.containsKey(sort) ? sort : "risk",
                Math.max(1, page));
    }

    /**
     * What was found.
     *
     * @param shown those of the page that was asked for
     * @param all how many there are on all pages
     * @param first the number of the first one shown, from 1; 0 when there is none
     * @param pages how many pages there are, 1 or more
     * @param page which one this is
     */
    record Found(List<DatabaseStanding> shown, int all, int first, int pages, int page) {}

    /** Looks for them. */
    Found in(Overview overview) {
        String part = q.toLowerCase(Locale.ROOT);
        List<DatabaseStanding> all = overview.databases().stream()
                .filter(one ->
                        part.isEmpty() || one.name().toLowerCase(Locale.ROOT).contains(part))
                .filter(this::hasState)
                .sorted(ORDERS.get(sort))
                .toList();
        int pages = Math.max(1, (all.size() + ROWS - 1) / ROWS);
        int which = Math.min(page, pages);
        int from = (which - 1) * ROWS;
        List<DatabaseStanding> shown = all.subList(from, Math.min(all.size(), from + ROWS));
        return new Found(shown, all.size(), shown.isEmpty() ? 0 : from + 1, pages, which);
    }

    private boolean hasState(DatabaseStanding one) {
        return switch (state) {
            case "" -> true;
            case "offloaded" -> one.status().backup().offloaded();
            case "paused" -> one.status().backup().paused().isPresent();
            case "working" -> one.status().working().isPresent();
            default -> one.verdict().label().equals(state);
        };
    }

    /** Returns the address of another page of the same. */
    String address(int other) {
        return "/?q=" + URLEncoder.encode(q, StandardCharsets.UTF_8) + "&state="
                + URLEncoder.encode(state, StandardCharsets.UTF_8) + "&sort=" + sort + "&page=" + other;
    }
}
