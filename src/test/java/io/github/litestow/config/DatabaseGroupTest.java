package io.github.litestow.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseGroupTest {
    @TempDir
    Path folder;

    @Test
    void a_name_in_path_and_url_of_the_top_level_makes_a_group_without_a_name() {
        DatabaseGroup group = group("{name}.db", "s3://bucket/tenants/{name}");

        ConfiguredDatabase acme = group.database("acme");

        assertThat(acme.name()).isEqualTo("acme");
        assertThat(acme.database()).isEqualTo(group.folder().resolve("acme.db"));
        assertThat(acme.replica().url()).isEqualTo("s3://bucket/tenants/acme");
        assertThat(acme.group()).contains(group);
        assertThat(group.replicaRoot().url()).isEqualTo("s3://bucket/tenants");
    }

    @Test
    void a_database_of_a_named_group_is_called_by_both_names() {
        ConfiguredService service = TestConfig.empty()
                .yaml("litestow.databases.tenants.folder", folder.toString())
                .yaml("litestow.databases.tenants.path", "{name}/data.db")
                .yaml("litestow.databases.tenants.replica-url", "file:///replicas/{name}/here")
                .read();

        DatabaseGroup group = service.groups().get(0);
        ConfiguredDatabase database = group.database("eu/acme");

        assertThat(service.databases()).isEmpty();
        assertThat(database.name()).isEqualTo("tenants/eu/acme");
        assertThat(database.database()).isEqualTo(group.folder().resolve("eu/acme/data.db"));
        assertThat(database.replica().url()).isEqualTo("file:///replicas/eu%2Facme/here");
        assertThat(group.memberOf("tenants/eu/acme")).contains("eu/acme");
        assertThat(group.memberOf("others/acme")).isEmpty();
        assertThat(group.replicaRoot().url()).isEqualTo("file:///replicas");
    }

    @ParameterizedTest
    @CsvSource({
        "{name}.db, acme.db, acme",
        "{name}.db, eu/acme.db, eu/acme",
        "{name}/data.db, eu/acme/data.db, eu/acme",
        "tenants/{name}/data.db, tenants/acme/data.db, acme",
        "{name}.db, größe mit blank.db, größe mit blank",
        "{name}.db, a%zz.db, a%zz",
    })
    void a_path_that_fits_names_a_database(String pattern, String path, String name) {
        DatabaseGroup group = group(pattern, "s3://bucket/tenants/{name}");

        assertThat(group.nameOf(Path.of(path))).contains(name);
        assertThat(group.database(name).database()).isEqualTo(group.folder().resolve(path));
        String part = group.database(name).replica().url().replace("s3://bucket/tenants/", "");
        assertThat(part).doesNotContain("/");
        assertThat(group.nameOfReplica(part)).contains(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ".db",
                "acme.db-wal",
                "acme.db-shm",
                "acme.db-journal",
                ".acme.db",
                ".acme.db-litestow/scratch/1/acme.db",
                ".acme.db-litestow/quarantine/acme.db",
                "eu/.acme.db-litestream/x.db",
                "restores/acme.db",
                "eu/restores/acme.db",
                "../acme.db",
                "eu/../acme.db",
                "a#b.db",
                "a%20b.db",
                "a?b.db",
                "-acme.db",
                "new\nline.db",
                "orders.db",
            })
    void a_path_that_leads_elsewhere_or_is_not_a_database_names_none(String path) {
        DatabaseGroup group = TestConfig.working(folder)
                .env("DB_SQLITE", "{name}.db")
                .env("REPLICA_URL", "s3://bucket/tenants/{name}")
                .yaml(
                        "litestow.databases.orders.folder",
                        folder.resolve("elsewhere").toString())
                .yaml("litestow.databases.orders.path", "orders.sqlite")
                .yaml("litestow.databases.orders.replica-url", "s3://bucket/orders")
                .read()
                .groups()
                .get(0);

        assertThat(group.nameOf(Path.of(path))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "litestow",
                "%6citestow",
                "a%2fb",
                "%61",
                "a/b",
                "a b",
                "%",
                "%2",
                "..",
                "%2E%2E",
                ".hidden",
                "a%2F%2E",
                ""
            })
    void a_part_of_the_bucket_that_no_database_makes_names_none(String part) {
        assertThat(group("{name}.db", "s3://bucket/tenants/{name}").nameOfReplica(part))
                .isEmpty();
    }

    @Test
    void a_database_called_litestow_does_not_meet_what_litestow_keeps_there() {
        DatabaseGroup group = group("{name}.db", "s3://bucket/tenants/{name}");

        assertThat(group.database("litestow").replica().url()).isEqualTo("s3://bucket/tenants/%6Citestow");
        assertThat(group.nameOfReplica("%6Citestow")).contains("litestow");
    }

    @ParameterizedTest
    @CsvSource({
        "{name}.db, s3://bucket/one, so that all its databases would have one replica",
        "one.db, s3://bucket/{name}, {name} is in the replica URL and not in the path",
        "{name}.db, s3://bucket/a{name}, not one whole part",
        "{name}.db, s3://bucket/{name}/{name}, not one whole part",
        "{name}.db, gs://bucket/{name}, can be listed",
        "x{name}.db, s3://bucket/{name}, something before {name}",
        "{name}/{name}.db, s3://bucket/{name}, twice",
        "{name}/data, s3://bucket/{name}, does not end like a database",
        "../{name}.db, s3://bucket/{name}, is not a plain file name",
        "{name}/../data.db, s3://bucket/{name}, is not a plain file name",
        "/{name}.db, s3://bucket/{name}, is not a plain file name",
        "*/{name}.db, s3://bucket/{name}, it holds a wildcard; {name} stands for the name",
    })
    void a_pattern_that_is_not_clear_is_refused(String path, String url, String because) {
        TestConfig settings = TestConfig.working(folder).env("DB_SQLITE", path).env("REPLICA_URL", url);

        assertThat(catchThrowableOfType(InvalidSettings.class, settings::read)).hasMessageContaining(because);
    }

    @ParameterizedTest
    @CsvSource({
        "orders.db, s3://bucket/orders, the path is one that a database of group default can have",
        "orders.sqlite, s3://bucket/tenants/orders, at or below the place of the replicas",
        "orders.sqlite, s3://bucket/tenants, at or below the place of the replicas",
        "{name}/x.db, s3://bucket/others/{name}, the path is one that a database of group",
        "{name}.sqlite, s3://bucket/tenants/x/{name}, at or below the place of the replicas",
    })
    void nothing_of_a_group_is_of_another_too(String path, String url, String because) {
        TestConfig settings = TestConfig.working(folder)
                .env("DB_SQLITE", "{name}.db")
                .env("REPLICA_URL", "s3://bucket/tenants/{name}")
                .yaml("litestow.databases.others.path", path)
                .yaml("litestow.databases.others.replica-url", url);

        assertThat(catchThrowableOfType(InvalidSettings.class, settings::read)).hasMessageContaining(because);
    }

    @Test
    void files_are_not_below_the_place_of_the_replicas() {
        TestConfig settings = TestConfig.working(folder)
                .env("DB_SQLITE", "{name}.db")
                .env("REPLICA_URL", "file://" + folder + "/{name}");

        assertThat(catchThrowableOfType(InvalidSettings.class, settings::read))
                .hasMessageContaining("is, or holds, the folder of its own files");
    }

    @Test
    void groups_beside_each_other_are_accepted() {
        ConfiguredService service = TestConfig.working(folder)
                .env("DB_SQLITE", "{name}.db")
                .env("REPLICA_URL", "file://" + folder + "/replicas/{name}")
                .yaml("litestow.databases.others.path", "{name}.sqlite")
                .yaml("litestow.databases.others.replica-url", "s3://bucket/others/{name}")
                .yaml("litestow.databases.one.path", "one.sqlite3")
                .yaml("litestow.databases.one.replica-url", "s3://bucket/one")
                .read();

        assertThat(service.groups()).hasSize(2);
        assertThat(service.databases()).hasSize(1);
    }

    @Test
    void in_a_group_what_is_offloaded_is_neither_restored_at_the_start_nor_proven_unless_asked() {
        ConfiguredDatabase offloaded = group("{name}.db", "s3://bucket/{name}").database("acme");
        ConfiguredDatabase kept = TestConfig.working(folder)
                .env("DB_SQLITE", "{name}.db")
                .env("REPLICA_URL", "s3://bucket/{name}")
                .env("LITESTOW_SNAPSHOT_DELETE_LOCAL", "false")
                .env("LITESTOW_VERIFY_OFFLOADED_EVERY", "P30D")
                .read()
                .groups()
                .get(0)
                .database("acme");

        assertThat(offloaded.restoreOnStart()).isFalse();
        assertThat(offloaded.verifyOffloadedEvery()).isEmpty();
        assertThat(kept.restoreOnStart()).isTrue();
        assertThat(kept.verifyOffloadedEvery()).contains(Duration.ofDays(30));
    }

    private DatabaseGroup group(String path, String url) {
        return TestConfig.working(folder)
                .env("DB_SQLITE", path)
                .env("REPLICA_URL", url)
                .read()
                .groups()
                .get(0);
    }
}
