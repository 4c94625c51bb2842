package io.github.litestow.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.report.DatabaseStanding;
import io.github.litestow.report.Overview;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HomeTest {
    private static final int THOUSAND = 1_000;
    private static final int MOST_BYTES = 100_000;
    private static final long MOST_MILLIS = 30;
    private static final int ROUNDS = 30;

    /** What others do on this machine meanwhile counts for nothing. */
    private static final ThreadMXBean CPU = ManagementFactory.getThreadMXBean();

    private final Templates templates = Standings.templates(true);

    @Test
    void a_thousand_databases_are_a_page_of_a_hundred_kilobytes_made_in_thirty_milliseconds() {
        Overview overview = Standings.many(THOUSAND, HomeTest::one);

        long[] millis = new long[ROUNDS];
        String page = "";
        for (int i = 0; i < ROUNDS; i++) {
            long begun = CPU.getCurrentThreadCpuTime();
            page = home(overview, Search.of("tenant", "", i % 2 == 0 ? "risk" : "proven", 1 + i % 20));
            millis[i] = Duration.ofNanos(CPU.getCurrentThreadCpuTime() - begun).toMillis();
        }
        Arrays.sort(millis);

        int bytes = page.getBytes(StandardCharsets.UTF_8).length;
        System.out.printf("timing: a page of 1,000 databases is %,d bytes, made in %d ms%n", bytes, millis[ROUNDS / 2]);
        assertThat(bytes).isLessThan(MOST_BYTES);
        assertThat(millis[ROUNDS / 2]).as("median").isLessThanOrEqualTo(MOST_MILLIS);
    }

    private static DatabaseStanding one(int i) {
        String name = String.format(Locale.ROOT, "tenants/tenant-with-a-longer-name-%04d", i);
        return i % 7 == 0 ? Standings.overdue(name) : Standings.safe(name);
    }

    @Test
    void the_sentence_comes_first_and_names_what_is_at_risk() {
        Overview overview = Standings.many(14, i -> i == 9 ? Standings.overdue("orders") : Standings.safe("db" + i));

        assertThat(home(overview, Search.of("", "", "risk", 1)))
                .contains("1 of 14 at risk: <b>orders</b> has not been proven for 3 d.")
                .containsSubsequence("<h1>", "<table", "orders", "db0");
    }

    @Test
    void what_is_paused_is_in_the_sentence_in_its_row_and_found_by_that() {
        Overview overview = Standings.many(14, i -> i == 9 ? Standings.paused("orders") : Standings.safe("db" + i));

        assertThat(home(overview, Search.of("", "paused", "risk", 1)))
                .contains(" Paused: <b>orders</b>.", "<span class=\"tag calm\">paused</span>", "<b>1</b> Paused")
                .doesNotContain("href=\"/d/db1\"");
    }

    @Test
    void a_search_finds_by_part_of_a_name_and_state_and_pages_hold_fifty() {
        Overview overview = Standings.many(THOUSAND, HomeTest::one);

        Search.Found all = Search.of("", "", "name", 3).in(overview);
        assertThat(all.shown()).hasSize(Search.ROWS);
        assertThat(all.first()).isEqualTo(101);
        assertThat(all.pages()).isEqualTo(20);
        assertThat(Search.of(" NAME-0042 ", "", "risk", 1).in(overview).shown())
                .singleElement()
                .matches(found -> found.name().endsWith("0042"));
        assertThat(Search.of("", "at_risk", "risk", 1).in(overview).all()).isEqualTo(143);
        Search.Found beyond = Search.of("", "", "no such order", 4_711).in(overview);
        assertThat(beyond.page()).isEqualTo(20);
    }

    @Test
    void what_a_person_types_and_what_a_database_is_called_is_text_and_never_markup() {
        Overview overview = Standings.many(1, i -> Standings.overdue("<b onclick=x>"));

        assertThat(home(overview, Search.of("\"><script>", "", "risk", 1)))
                .doesNotContain("<b onclick", "\"><script>")
                .contains("&lt;b onclick=x&gt;");
        assertThat(DatabaseRow.path("tenants/acme & co")).isEqualTo("tenants%2Facme%20%26%20co");
    }

    @Test
    void where_no_file_of_a_group_is_found_nothing_is_asked_for_that_cannot_be_done() {
        assertThat(home(Standings.many(0, HomeTest::one), Search.of("", "", "risk", 1)))
                .contains("No database is there yet.", "check LITESTOW_FOLDER and DB_SQLITE")
                .doesNotContain("No schedule is set", "Show all", "is configured");
        assertThat(home(Standings.many(2, HomeTest::one), Search.of("no such", "", "risk", 1)))
                .contains("No database matches", "Show all");
    }

    @Test
    void nothing_of_the_page_needs_what_its_policy_forbids() {
        String page = home(Standings.many(3, HomeTest::one), Search.of("", "", "risk", 1));

        assertThat(page).doesNotContain(" style=", "<style", "javascript:", "http://", "https://");
        assertThat(page).doesNotContainPattern("<script(?![^>]* src=\"/page/)");
        assertThat(page).doesNotContainPattern(" on[a-z]+=");
    }

    private String home(Overview overview, Search search) {
        return templates.render("home", Map.of("view", HomeView.of(overview, search), "live", List.of()));
    }
}
