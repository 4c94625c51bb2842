package io.github.litestow.packaged;

import static io.github.litestow.packaged.PackagedProgram.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.litestow.application.Sample;
import io.github.litestow.packaged.EngineScript.Does;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.openqa.selenium.Keys;

/**
 * The page of the packaged service in a real browser: one service, from its first minute on, when nothing
 * is proven, to the day on which one of four databases is at risk. So the order is that of the story.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PageIT {
    private static final PackagedProgram LITESTOW = new PackagedProgram();
    private static final int DAYS = 90;

    private static EngineScript engine;
    private static Service service;
    private static Api api;
    private static Browser browser;

    @BeforeAll
    static void aServiceWithFourDatabasesAndABrowser() throws IOException {
        LITESTOW.open();
        engine = EngineScript.in(LITESTOW);
        Path config = Files.createDirectories(LITESTOW.work().resolve("config"));
        Files.writeString(config.resolve("application.yaml"), """
                litestow:
                  snapshot: {cron: "0 0 3 * * ?", delete-local: false}
                  databases:
                    archive: {path: archive.db, replica-url: "file://ROOT/replica/archive", snapshot: {delete-local: true}}
                    customers: {path: customers.db, replica-url: "file://ROOT/replica/customers"}
                    orders: {path: orders.db, replica-url: "file://ROOT/replica/orders"}
                    shop: {path: shop.db, replica-url: "file://ROOT/replica/shop"}
                """.replace(
                        "ROOT", LITESTOW.root().toString()));
        int rows = 2_000;
        for (String name : List.of("archive", "customers", "orders", "shop")) {
            rows *= 2;
            Sample.add(LITESTOW.data().resolve(name + ".db"), rows);
        }
        ninetyDays("orders");
        service = LITESTOW.unset("REPLICA_URL")
                .env("LITESTOW_API_TOKEN", Api.TOKEN)
                .serve()
                .awaitReady();
        api = new Api(service);
        browser = Browser.start(
                service.address(),
                LITESTOW.root().resolve("profile"),
                LITESTOW.root().resolve("downloads"));
        browser.width(1200, 900);
        browser.dark(false);
    }

    /** A history as an earlier service left it: a failure, and days on which nobody was there. */
    private static void ninetyDays(String name) throws IOException {
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        List<String> days = new ArrayList<>();
        for (int ago = DAYS - 10; ago > 0; ago--) {
            boolean failed = ago == 37;
            if (ago != 21 && ago != 22) {
                days.add(("{\"day\":\"%s\",\"proven\":%d,\"confirmed\":%d,\"unchanged\":0,\"failed\":%d,\"missed\":0,"
                                + "\"other\":0%s,\"longestMillis\":%d,\"figures\":{\"databaseBytes\":%d,"
                                + "\"replicaBytes\":%d,\"restoreSeconds\":%s}}")
                        .formatted(
                                today.minusDays(ago),
                                ago % 7 == 3 || failed ? 0 : 1,
                                failed ? 0 : 287,
                                failed ? 4 : 0,
                                failed ? ",\"kind\":\"throttled\"" : "",
                                1400 + (DAYS - ago) * 9 + ago % 5 * 120,
                                260_000 + (DAYS - ago) * 2_900,
                                40_000 + (DAYS - ago) * 700 + ago % 11 * 3_000,
                                0.4 + (DAYS - ago) * 0.004));
            }
        }
        Path state = Files.createDirectories(
                LITESTOW.data().resolve("." + name + ".db-litestow"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.writeString(state.resolve("days.json"), "{\"days\":[" + String.join(",", days) + "]}");
    }

    @AfterAll
    static void theEnd() throws IOException {
        if (browser != null) {
            browser.close();
        }
        LITESTOW.close();
    }

    @Test
    @Order(1)
    void a_first_visit_says_that_nothing_is_proven_yet_and_calls_nothing_safe() {
        browser.open("/");

        browser.await("h1", text -> text.startsWith("4 of 4 not proven yet: "));
        assertThat(browser.text(".banner")).contains("No backup has been restored and compared yet", "next run");
        assertThat(browser.all(".bases .safe, .hero.safe")).isEmpty();
        browser.await("#link", text -> text.equals("Live"));
        assertThat(api.get("/api/summary").with(200).json().path("verdict").asText())
                .isEqualTo("waiting");
    }

    @Test
    @Order(2)
    void an_action_asks_for_the_token_refuses_a_wrong_one_and_begins_with_the_right_one() {
        browser.open("/d/shop");
        browser.click(".act button");
        browser.await("#unlock", text -> text.contains("The token of the settings"));
        browser.type("#token", "not the token of this service");
        browser.press(Keys.ENTER);
        browser.await("#toast", text -> text.equals("This is not the token of the settings."));
        assertThat(runs("shop"))
                .as("begun by nobody")
                .noneMatch(run -> text(run, "operation").equals("snapshot"));

        browser.click(".act button");
        browser.type("#token", Api.TOKEN);
        browser.press(Keys.ENTER);

        browser.await("#toast", text -> text.startsWith("Snapshot has begun."));
        browser.await("h1", text -> text.startsWith("shop is safe: it was proven "));
    }

    @Test
    @Order(3)
    void a_run_is_shown_while_it_works_and_what_it_came_to_when_it_has_ended() {
        browser.open("/");
        browser.await("#link", text -> text.equals("Live"));
        engine.on("replicate", Does.HOLD_BEFORE);
        api.post("/api/databases/customers/snapshots", Api.WITH_TOKEN, "").with(202);
        engine.awaitHeld("replicate");

        browser.await("#now", text -> text.contains("customers snapshot by http, at replicate"));
        assertThat(browser.all("#now progress")).hasSize(1);
        engine.release("replicate");

        browser.await("#now", String::isEmpty);
        browser.await("h1", text -> text.startsWith("2 of 4 not proven yet: "));
        for (String name : List.of("orders", "archive")) {
            api.ended(api.post("/api/databases/" + name + "/snapshots", Api.WITH_TOKEN, "")
                    .with(202));
        }
        browser.await("h1", text -> text.startsWith("All 4 databases are safe: each was restored from its replica"));
        assertThat(browser.all(".banner")).isEmpty();
        assertThat(browser.text("#list")).contains("offloaded");
    }

    @Test
    @Order(4)
    void a_failure_is_named_with_what_it_means_and_what_to_do_and_its_words_need_the_token() throws IOException {
        engine.on("replicate", Does.FAIL);
        Sample.add(LITESTOW.data().resolve("orders.db"), 100);
        api.ended(
                api.post("/api/databases/orders/snapshots", Api.WITH_TOKEN, "").with(202));
        engine.release("replicate");

        browser.open("/");
        browser.await(
                "h1",
                text -> text.startsWith("1 of 4 at risk: orders could not be backed up: the last snapshot failed"));
        browser.click("#d-orders");
        String failure = browser.await(".failure", text -> text.contains("What it means"));
        assertThat(failure)
                .contains("a local disk is full", "make room")
                .doesNotContain(LITESTOW.root().toString());
        browser.script("sessionStorage.clear()");
        browser.click("#cause button");
        browser.await("#unlock", text -> text.contains("Token"));
        browser.type("#token", Api.TOKEN);
        browser.press(Keys.ENTER);
        browser.await("#cause", text -> text.contains("no space left on device"));
        browser.click(".failure dd a");
        assertThat(browser.address()).isEqualTo("/help#disk");
    }

    @Test
    @Order(5)
    void ninety_days_are_a_strip_whose_days_open_and_numbers_are_drawn() {
        browser.open("/d/orders");

        assertThat(browser.all(".strip li")).hasSize(DAYS);
        assertThat(browser.all(".strip .missed")).hasSize(2);
        assertThat(browser.all(".strip .failed")).hasSize(2);
        assertThat(browser.all(".strip .before")).hasSize(9);
        assertThat(browser.text(".legend")).contains("missed 2", "The history begins on");
        browser.await("figcaption", text -> text.contains("at the replica"));
        patiently().until(() -> browser.all(".chart canvas").size() == 2);
        browser.click(".strip a.failed");
        assertThat(browser.text("#runs")).contains("Runs of ", "what they came to is in the strip");
    }

    @Test
    @Order(6)
    void a_restore_is_picked_shown_and_written_to_a_file_of_its_own() {
        browser.open("/d/shop");
        browser.await("#points", text -> text.contains("One restore point"));
        browser.click("#points button");
        browser.await(
                "#restore",
                text -> text.contains("The database itself is not touched")
                        && text.contains("litestow restore shop --txid"));
        browser.click("#restore .act button");

        String said = browser.await("#toast", text -> text.contains("The copy will be restores/shop-"));
        Path copy = LITESTOW.data().resolve(said.replaceAll(".*(restores/\\S+)\\.$", "$1"));
        patiently().until(() -> Files.exists(copy));
        browser.await("#runs", text -> text.contains("restored"));
        assertThat(Sample.rows(copy)).isEqualTo(Sample.rows(LITESTOW.data().resolve("shop.db")));
    }

    @Test
    @Order(7)
    void a_point_is_labelled_pinned_downloaded_and_compared() {
        Path database = LITESTOW.data().resolve("shop.db");
        browser.open("/d/shop");
        browser.await("#points", text -> text.contains("One restore point"));
        browser.click("#points button.quiet[aria-label]");
        browser.await("#restore", text -> text.contains("Pin"));
        browser.click("#restore form[data-post$='/pin'] button");
        browser.await("#toast", text -> text.startsWith("Pinned:"));
        browser.await("#points", text -> text.contains("pinned"));

        browser.await("#restore", text -> text.contains("Unpin"));
        browser.type("#label", "before the sale");
        browser.press(Keys.ENTER);
        browser.await("#toast", text -> text.equals("Labelled."));
        browser.await("#points table", text -> text.contains("before the sale"));

        browser.await("#restore", text -> text.contains("Remove before the sale"));
        browser.click("#restore form[data-save] button");
        String said = browser.await("#toast", text -> text.endsWith(" is downloaded."));
        Path copy = LITESTOW.root().resolve("downloads").resolve(said.replace(" is downloaded.", ""));
        patiently().until(() -> Files.exists(copy));
        assertThat(Sample.rows(copy)).isEqualTo(Sample.rows(database));

        Sample.add(database, 17);
        browser.click("#points .compare button");
        String differs = browser.await("#compared", text -> text.contains("Added"));
        assertThat(differs).contains("to the database as it is now", "17");
    }

    @Test
    @Order(8)
    void a_database_is_paused_and_resumed() {
        browser.open("/d/shop");
        browser.click("form[data-done^='Paused'] button");
        browser.await("#paused", text -> text.startsWith("Paused since"));
        assertThat(api.get("/api/databases/shop").with(200).json().has("paused"))
                .isTrue();
        browser.click("form[data-done^='Resumed'] button");
        browser.await("#one", text -> !text.contains("Paused since"));
    }

    @Test
    @Order(9)
    void whoever_has_a_keyboard_only_finds_a_database_and_comes_to_its_button() {
        browser.open("/");
        browser.press(Keys.TAB);
        browser.press(Keys.ENTER);
        assertThat(browser.address()).isEqualTo("/#main");
        browser.press("/");
        browser.press("cust");
        browser.await(".bases", text -> text.contains("customers") && !text.contains("shop"));
        browser.tabTo("#d-customers");
        browser.press(Keys.ENTER);
        browser.await("h1", text -> text.startsWith("customers is safe"));
        browser.tabTo(".act button");
    }

    @Test
    @Order(10)
    void nobody_is_kept_out_in_light_or_dark_on_a_wide_screen_or_a_phone() throws IOException {
        for (boolean dark : new boolean[] {false, true}) {
            browser.dark(dark);
            for (String path : dark ? List.of("/", "/d/orders") : List.of("/help", "/d/orders", "/")) {
                browser.width(1200, 900);
                browser.open(path);
                browser.await("body", text -> !text.contains("Asking the replica"));
                browser.picture(name(path, dark, false));
                assertThat(browser.barriers()).as("%s, dark: %s", path, dark).isEmpty();
                browser.width(390, 844);
                assertThat(browser.script("return document.documentElement.scrollWidth"))
                        .as("%s is not wider than a phone", path)
                        .isEqualTo(390L);
                browser.picture(name(path, dark, true));
            }
        }
        assertThat(browser.barriers()).as("on a phone").isEmpty();
        assertThat(browser.complaints()).isEmpty();
    }

    private static String name(String path, boolean dark, boolean phone) {
        String page = path.equals("/") ? "page" : path.equals("/help") ? "help" : "database";
        return page + (dark ? "-dark" : "") + (phone ? "-phone" : "");
    }

    @Test
    @Order(11)
    void scripts_are_kept_for_good_pages_are_not_and_neither_may_do_more_than_its_own() throws Exception {
        HttpClient http = HttpClient.newHttpClient();
        HttpResponse<String> page = http.send(
                HttpRequest.newBuilder(URI.create(service.address() + "/")).build(),
                HttpResponse.BodyHandlers.ofString());
        String script = page.body().replaceAll("(?s).*src=\"(/page/[^\"]+/htmx.js)\".*", "$1");
        HttpResponse<String> asset = http.send(
                HttpRequest.newBuilder(URI.create(service.address() + script)).build(),
                HttpResponse.BodyHandlers.ofString());

        assertThat(page.headers().firstValue("Content-Security-Policy"))
                .hasValueSatisfying(policy -> assertThat(policy)
                        .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'"));
        assertThat(page.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(asset.body()).contains("htmx");
        assertThat(asset.headers().firstValue("Cache-Control"))
                .hasValueSatisfying(kept -> assertThat(kept).contains("immutable"));
        assertThat(page.body()).doesNotContain(LITESTOW.root().toString(), Api.TOKEN);
        assertThat(service.status("/d/nobody")).isEqualTo(404);
        JsonNode badge = api.get("/api/badge/shop").with(200).json();
        assertThat(badge.path("color").asText()).isEqualTo("brightgreen");
        assertThat(api.get("/api/badge/orders").with(200).json().path("message").asText())
                .isEqualTo("failing");
        assertThat(service.process().err()).doesNotContain("defect", "\tat ");
    }

    private static List<JsonNode> runs(String name) {
        List<JsonNode> runs = new ArrayList<>();
        api.get("/api/databases/" + name + "/runs")
                .with(200)
                .json()
                .path("runs")
                .forEach(runs::add);
        return runs;
    }

    private static String text(JsonNode node, String field) {
        return node.path(field).asText();
    }
}
