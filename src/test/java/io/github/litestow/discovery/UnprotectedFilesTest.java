package io.github.litestow.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.config.ConfiguredService;
import io.github.litestow.config.TestConfig;
import io.github.litestow.host.Host;
import io.github.litestow.host.WiredService;
import io.github.litestow.outcome.Failure;
import io.github.litestow.report.Overview;
import io.github.litestow.report.OverviewService;
import io.github.litestow.report.StatusService;
import io.github.litestow.report.Verdict;
import io.github.litestow.run.Database;
import io.github.litestow.run.Databases;
import io.github.litestow.run.LaunchMode;
import io.github.litestow.shard.Shards;
import io.github.litestow.sqlite.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What fits the path of a group and cannot be one of its databases must not look safe. */
class UnprotectedFilesTest {
    @TempDir
    Path temp;

    private final Clock clock = Clock.systemUTC();
    private Path folder;
    private Databases databases;
    private Discovery discovery;
    private ConfiguredService settings;

    @BeforeEach
    void a_group_of_one() throws IOException {
        folder = Files.createDirectories(temp.resolve("data"));
        TestDatabase.at(folder.resolve("one.db")).withRows("WAL", 3);
        path("{name}.db");
    }

    private void path(String path) {
        wire(group(path));
    }

    private TestConfig group(String path) {
        return TestConfig.empty()
                .env("LITESTOW_FOLDER", folder.toString())
                .env("DB_SQLITE", path)
                .env("REPLICA_URL", "file://" + temp.resolve("replicas") + "/{name}")
                .env("LITESTOW_LITESTREAM_BINARY", Host.realEngine().toString());
    }

    private void wire(TestConfig config) {
        settings = config.read();
        databases = new Databases(
                settings,
                WiredService.litestream(settings.groups().get(0).database("any"), Host.realEngine()),
                WiredService.JSON);
        discovery = new Discovery(
                settings,
                databases,
                new Shards(settings, databases),
                new LaunchMode("serve", "localhost", 8080),
                clock);
    }

    private List<String> unprotected() throws Failure {
        discovery.folder(settings.groups().get(0));
        return databases.unprotected();
    }

    private StatusService status() {
        return new StatusService(settings, databases, clock);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"has#hash", "per%20cent", "-dash", "a\\b", "new\nline", "gr\uFFFDn", "eu/-dash", "eu/has?mark"})
    void a_name_that_no_database_can_have(String name) throws Exception {
        Path file = folder.resolve(name + ".db");
        Files.createDirectories(file.getParent());
        Files.copy(folder.resolve("one.db"), file);

        assertThat(unprotected())
                .singleElement()
                .asString()
                .startsWith(name.replace('\n', '?') + ".db: ")
                .contains("rename it")
                .doesNotContain("\n");
        assertThat(databases.all()).extracting(Database::name).containsExactly("one");
    }

    @Test
    void it_is_at_risk_whatever_the_others_are_and_until_it_is_gone() throws Exception {
        Path file = Files.copy(folder.resolve("one.db"), folder.resolve("has#hash.db"));
        unprotected();

        Overview overview = new OverviewService(databases, status(), clock).now();
        assertThat(overview.verdict()).isEqualTo(Verdict.AT_RISK);
        assertThat(overview.sentence())
                .startsWith("Not backed up: has#hash.db: ")
                .contains(" one ");
        int alarming = status().fleet().alarming();
        assertThat(status().fleet().words()).endsWith("; 1 file is not backed up");

        Files.move(file, folder.resolve("hash.db"));
        assertThat(unprotected()).isEmpty();
        assertThat(status().fleet().words()).doesNotContain("not backed up");
        assertThat(alarming).isPositive();
    }

    @Test
    void a_link_to_what_is_elsewhere_and_one_to_nothing() throws Exception {
        Path elsewhere = Files.createDirectories(temp.resolve("elsewhere"));
        Files.copy(folder.resolve("one.db"), elsewhere.resolve("two.db"));
        Files.createSymbolicLink(folder.resolve("link.db"), elsewhere.resolve("two.db"));
        Files.createSymbolicLink(folder.resolve("nothing.db"), elsewhere.resolve("gone.db"));
        Files.createSymbolicLink(folder.resolve("tenants"), elsewhere);

        assertThat(unprotected())
                .hasSize(3)
                .anyMatch(text -> text.startsWith("link.db: it is a symbolic link"))
                .anyMatch(text -> text.startsWith("nothing.db: it is a symbolic link"))
                .anyMatch(text -> text.startsWith("tenants: it is a symbolic link"));
    }

    @Test
    void a_link_to_a_folder_counts_where_a_file_in_it_would_fit() throws Exception {
        path("{name}/data.db");
        Path elsewhere = Files.createDirectories(temp.resolve("elsewhere/acme"));
        Files.createSymbolicLink(folder.resolve("acme"), elsewhere);
        Files.writeString(elsewhere.resolve("notes.txt"), "no database");
        assertThat(unprotected()).isEmpty();

        Files.copy(folder.resolve("one.db"), elsewhere.resolve("data.db"));
        assertThat(unprotected()).singleElement().asString().startsWith("acme: it is a symbolic link");
    }

    @Test
    void a_link_to_one_of_the_group_hidden_files_and_what_a_file_system_keeps_are_nothing_to_say() throws Exception {
        Files.createDirectories(folder.resolve("eu"));
        Files.copy(folder.resolve("one.db"), folder.resolve("eu/two.db"));
        Files.createSymbolicLink(folder.resolve("current.db"), Path.of("one.db"));
        Files.createSymbolicLink(folder.resolve("offloaded.db"), Path.of("eu/three.db"));
        Files.createSymbolicLink(folder.resolve("europe"), Path.of("eu"));
        Files.createSymbolicLink(folder.resolve("up"), Path.of(".."));
        Files.copy(folder.resolve("one.db"), folder.resolve(".hidden.db"));
        Files.createDirectories(folder.resolve("lost+found"));
        Files.copy(folder.resolve("one.db"), folder.resolve("lost+found/#12.db"));

        assertThat(unprotected()).isEmpty();
        assertThat(databases.all()).extracting(Database::name).containsExactly("eu/two", "one");
    }

    @Test
    void what_somebody_else_backs_up_is_backed_up() throws Exception {
        Path elsewhere = Files.createDirectories(temp.resolve("elsewhere"));
        Files.copy(folder.resolve("one.db"), folder.resolve("orders.db"));
        Files.copy(folder.resolve("one.db"), elsewhere.resolve("invoices.db"));
        Files.copy(
                folder.resolve("one.db"),
                Files.createDirectories(temp.resolve("others")).resolve("three.db"));
        Files.createSymbolicLink(folder.resolve("link.db"), elsewhere.resolve("invoices.db"));
        Files.createSymbolicLink(folder.resolve("other.db"), temp.resolve("others/three.db"));
        Files.createSymbolicLink(folder.resolve("others"), temp.resolve("others"));
        TestConfig config = group("{name}.db");
        for (List<String> one : List.of(
                List.of("orders", folder + "", "orders.db"),
                List.of("invoices", elsewhere + "", "invoices.db"),
                List.of("others", temp.resolve("others") + "", "{name}.db"))) {
            String key = "litestow.databases." + one.get(0);
            String name = one.get(2).startsWith("{") ? "/{name}" : "";
            config = config.yaml(key + ".folder", one.get(1))
                    .yaml(key + ".path", one.get(2))
                    .yaml(key + ".replica-url", "file://" + temp.resolve("replica-of-" + one.get(0)) + name);
        }
        wire(config);

        assertThat(settings.groups()).hasSize(2);
        discovery.folder(settings.groups().stream()
                .filter(group -> group.name().isEmpty())
                .findFirst()
                .orElseThrow());
        assertThat(databases.unprotected()).isEmpty();
    }

    @Test
    void behind_a_link_too_only_files_that_are_not_hidden_are_databases_and_a_link_behind_it_is_followed()
            throws Exception {
        Path elsewhere = Files.createDirectories(temp.resolve("elsewhere"));
        for (String none : List.of(".cache/x.db", "restores/x.db", "lost+found/x.db", "folder.db/note.txt")) {
            Files.createDirectories(elsewhere.resolve(none).getParent());
            Files.copy(folder.resolve("one.db"), elsewhere.resolve(none));
        }
        Path further = Files.createDirectories(temp.resolve("further"));
        Files.createSymbolicLink(folder.resolve("tenants"), elsewhere);
        Files.createSymbolicLink(elsewhere.resolve("back"), elsewhere);
        Files.createSymbolicLink(elsewhere.resolve("more"), further);
        assertThat(unprotected()).isEmpty();

        Files.copy(folder.resolve("one.db"), further.resolve("x.db"));
        assertThat(unprotected()).singleElement().asString().startsWith("tenants: it is a symbolic link; ");
    }

    @Test
    void a_link_with_too_much_behind_it_is_said() throws Exception {
        Path elsewhere = Files.createDirectories(temp.resolve("elsewhere"));
        for (int file = 0; file < 10_001; file++) {
            Files.createFile(elsewhere.resolve("note" + file));
        }
        Files.createSymbolicLink(folder.resolve("tenants"), elsewhere);

        assertThat(unprotected()).singleElement().asString().contains("too much behind it");
    }

    @Test
    void a_link_in_the_path_itself() throws Exception {
        path("tenants/{name}.db");
        Path elsewhere = Files.createDirectories(temp.resolve("elsewhere"));
        Files.copy(folder.resolve("one.db"), elsewhere.resolve("two.db"));
        Files.createSymbolicLink(folder.resolve("tenants"), elsewhere);

        assertThat(unprotected()).singleElement().asString().startsWith("tenants: it is a symbolic link; ");
    }
}
