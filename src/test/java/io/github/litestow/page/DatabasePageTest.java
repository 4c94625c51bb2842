package io.github.litestow.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.ReferenceTable;
import io.github.litestow.config.Schedule;
import io.github.litestow.journal.RunDay;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.RunStatistics;
import io.github.litestow.report.DatabaseStanding;
import io.github.litestow.run.restore.RestorePointList;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DatabasePageTest {
    private static final LocalDate TODAY = LocalDate.of(2026, 11, 21);
    private static final Optional<Schedule> DAILY = Optional.of(new Schedule("0 3 * * *", ZoneOffset.UTC));

    private final Templates templates = Standings.templates(true);

    @Test
    void a_day_without_anybody_is_missed_and_one_on_which_somebody_watched_is_calm() {
        DayStrip strip = DayStrip.of(
                List.of(day(TODAY.minusDays(4), 1, 0), RunDay.empty(TODAY.minusDays(2)), day(TODAY.minusDays(1), 3, 1)),
                DAILY,
                Standings.NOW);

        assertThat(strip.days()).hasSize(RunDay.DAYS);
        assertThat(strip.days().subList(84, 90))
                .extracting(DayStrip.Mark::state)
                .containsExactly("before", "proven", "missed", "calm", "failed", "calm");
        assertThat(strip.since()).isEqualTo("2026-11-17");
        assertThat(strip.missed()).isOne();
        assertThat(strip.days().get(88).words()).isEqualTo("3 proven, 1 failed (throttled)");
    }

    @Test
    void a_day_for_which_nothing_was_scheduled_is_not_missed() {
        Optional<Schedule> weekly = Optional.of(new Schedule("0 3 * * 1", ZoneOffset.UTC));

        DayStrip strip = DayStrip.of(List.of(day(TODAY.minusDays(13), 1, 0)), weekly, Standings.NOW);

        assertThat(strip.days().stream().filter(mark -> mark.state().equals("missed")))
                .extracting(DayStrip.Mark::date)
                .containsExactly("2026-11-09", "2026-11-16");
    }

    private static RunDay day(LocalDate date, int proven, int failed) {
        return new RunDay(
                date,
                proven,
                0,
                0,
                failed,
                0,
                0,
                Optional.empty(),
                failed > 0 ? Optional.of(FailureKind.THROTTLED) : Optional.empty(),
                0,
                RunStatistics.NONE);
    }

    @Test
    void each_kind_of_failure_has_its_mend_as_the_manual_has_it() {
        List<String> manual = ReferenceTable.read("failure-kinds.md", 4).get(0).stream()
                .map(row -> row.replaceAll("\\[([^]]*)]\\([^)]*\\)", "$1"))
                .toList();

        assertThat(templates.mends().all().stream()
                        .map(mend -> ReferenceTable.row(List.of(
                                ReferenceTable.literal(mend.kind()),
                                ReferenceTable.literal(mend.exitCode()),
                                mend.meaning(),
                                mend.mend()))))
                .containsExactlyElementsOf(manual);
        for (FailureKind kind : FailureKind.values()) {
            assertThat(templates.mends().of(kind).kind()).isEqualTo(kind.label());
        }
        assertThat(templates.render("help", Map.of("mends", templates.mends().all())))
                .contains("id=\"access_denied\"", "<code>LITESTOW_CONCURRENCY</code>");
    }

    @Test
    void restore_points_are_on_an_axis_from_the_oldest_to_now_and_the_newest_come_first() {
        List<RestorePointList.Point> points = IntStream.rangeClosed(1, 40)
                .mapToObj(i -> new RestorePointList.Point(
                        String.format("%016x", i),
                        Standings.NOW.minusSeconds(3_600L * (41 - i)),
                        4_096,
                        i % 2 == 0 ? "proven" : "confirmed",
                        List.of(),
                        false,
                        Optional.empty()))
                .toList();

        PointsView view = PointsView.of(new RestorePointList("orders", points, List.of()), Standings.NOW);

        assertThat(view.window()).isEqualTo("1 d 16 h");
        assertThat(view.points()).first().matches(point -> point.txid().equals("0000000000000028"));
        assertThat(view.older()).isEqualTo(15);
        assertThat(view.marks()).hasSize(40).last().matches(mark -> mark.x().equals("10.0"));
        String part = templates.render("points", Map.of("view", view, "path", "orders"));
        assertThat(part).contains("40 restore points", "/part/restore/orders?txid=0000000000000028");
    }

    @Test
    void a_restore_is_shown_before_it_is_done_and_in_place_only_as_a_command() {
        Map<String, Object> data = new HashMap<>();
        data.put("name", "orders");
        data.put("path", "orders");
        data.put("command", " orders");
        data.put("trouble", "");
        data.put(
                "point",
                new PointsView.Point(
                        "000000000000000c",
                        "2026-11-21T11:00:00Z",
                        "1 h ago",
                        "4 KiB",
                        "proven",
                        List.of(),
                        false,
                        ""));

        assertThat(templates.render("restore", data))
                .contains(
                        "data-post=\"/api/databases/orders/restores\" data-body='{\"txid\":\"000000000000000c\"}'",
                        "litestow restore orders --txid 000000000000000c --to copy.db",
                        "litestow restore orders --txid 000000000000000c --replace");
        assertThat(Standings.templates(false).render("restore", data)).doesNotContain("<form");
    }

    @Test
    void labels_pins_and_versions_are_beside_their_point_and_the_commands_name_the_label() {
        RestorePointList.Point point = new RestorePointList.Point(
                "000000000000000c",
                Standings.NOW.minusSeconds(60),
                4_096,
                "proven",
                List.of("Bob's <1.9>", "before-2"),
                true,
                Optional.of(19));
        PointsView view = PointsView.of(new RestorePointList("orders", List.of(point), List.of()), Standings.NOW);

        assertThat(templates.render("points", Map.of("view", view, "path", "orders")))
                .contains("Bob&#39;s &lt;1.9&gt;</span>", ">before-2<", ">pinned<", "user_version 19")
                .doesNotContain("<1.9>");
        Map<String, Object> data =
                new HashMap<>(Map.of("name", "orders", "path", "orders", "command", " orders", "trouble", ""));
        data.put("point", view.points().get(0));
        assertThat(templates.render("restore", data))
                .contains("litestow restore orders --label=&#39;Bob&#39;\\&#39;&#39;s &lt;1.9&gt;&#39; --to copy.db")
                .contains("/labels/Bob%27s%20%3C1.9%3E\"", ">Unpin<", ">Download<", "Remove before-2")
                .doesNotContain(">Pin<");
        assertThat(Standings.templates(false).render("restore", data)).doesNotContain("<form", "Unpin", "Download");
    }

    @Test
    void a_paused_database_says_so_and_can_be_resumed_and_any_other_paused() {
        assertThat(page(Standings.paused("orders")))
                .contains("Paused since <time datetime=\"2026-11-21T11:59:00Z\"", ">Resume<")
                .contains("data-method=\"DELETE\" data-post=\"/api/databases/orders/pause\"")
                .doesNotContain(">Pause<");
        assertThat(page(Standings.safe("orders"))).contains(">Pause<").doesNotContain("Paused since", ">Resume<");
    }

    private String page(DatabaseStanding standing) {
        DatabaseView view = new DatabaseView(
                DatabaseRow.of(standing, Standings.NOW),
                "was proven 3 h ago.",
                "000000000000000c",
                0,
                false,
                null,
                DayStrip.of(List.of(), DAILY, Standings.NOW),
                "",
                List.of(),
                Chart.of(List.of(), List.of()),
                " orders");
        return templates.render("database", Map.of("view", view, "live", List.of()));
    }

    @Test
    void a_page_of_a_failing_database_names_kind_meaning_and_mend() {
        DatabaseView view = new DatabaseView(
                DatabaseRow.of(Standings.overdue("orders"), Standings.NOW),
                "has not been proven for 3 d.",
                "000000000000000c",
                0,
                false,
                new DatabaseView.FailureCard(
                        "snapshot",
                        "2026-11-21T11:59:00Z",
                        "1 min ago",
                        "throttled",
                        "probe",
                        templates.mends().of(FailureKind.THROTTLED)),
                DayStrip.of(List.of(), DAILY, Standings.NOW),
                "",
                List.of(),
                Chart.of(List.of(), List.of()),
                " orders");

        assertThat(templates.render("database", Map.of("view", view, "live", List.of())))
                .contains(
                        "snapshot failed: <code>throttled</code>",
                        "fewer slots",
                        "/help#throttled",
                        "Show its own words");
        assertThat(Standings.templates(false).render("database", Map.of("view", view, "live", List.of())))
                .contains("LITESTOW_API_TOKEN", "litestow snapshot orders")
                .doesNotContain("data-post=");
    }
}
