package io.github.litestow.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NamedDatabasesTest {
    @TempDir
    Path folder;

    private TestConfig two() {
        return TestConfig.working(folder)
                .yaml("litestow.databases.orders.replica-url", "s3://bucket/orders")
                .yaml("litestow.databases.orders.path", "orders.db");
    }

    @Test
    void an_entry_inherits_from_the_top_level_and_overrides() throws Exception {
        TestConfig config = two().env("LITESTOW_SNAPSHOT_TIMEOUT", "1m")
                .env("LITESTOW_VERIFY_EVERY", "2h")
                .yaml("litestow.databases.orders.snapshot.timeout", "7m")
                .yaml("litestow.databases.orders.folder", folder.resolve("own").toString());

        ConfiguredService service = config.read();

        assertThat(service.databases()).extracting(ConfiguredDatabase::name).containsExactly("default", "orders");
        ConfiguredDatabase orders = service.databases().get(1);
        assertThat(orders.database()).isEqualTo(folder.toRealPath().resolve("own/orders.db"));
        assertThat(orders.replica().url()).isEqualTo("s3://bucket/orders");
        assertThat(orders.snapshot().timeout()).isEqualTo(Duration.ofMinutes(7));
        assertThat(orders.verifyEvery()).isEqualTo(Duration.ofHours(2));
        assertThat(service.databases().get(0).snapshot().timeout()).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void the_environment_alone_can_name_a_database() throws Exception {
        ConfiguredService service = TestConfig.working(folder)
                .env("LITESTOW_DATABASES_MY_ORDERS_REPLICA_URL", "s3://bucket/orders")
                .env("LITESTOW_DATABASES_MY_ORDERS_PATH", "orders.db")
                .env("LITESTOW_DATABASES_MY_ORDERS_SNAPSHOT_SEAL_TIMEOUT", "3s")
                .read();

        assertThat(service.databases()).extracting(ConfiguredDatabase::name).containsExactly("default", "my-orders");
        assertThat(service.databases().get(1).snapshot().sealTimeout()).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void the_environment_overrides_an_entry_of_a_file_whatever_its_dashes_are() throws Exception {
        ConfiguredService service = TestConfig.working(folder)
                .yaml("litestow.databases.my_orders.replica-url", "s3://bucket/orders")
                .yaml("litestow.databases.my_orders.path", "orders.db")
                .env("LITESTOW_DATABASES_MY_ORDERS_PATH", "other.db")
                .read();

        assertThat(service.databases()).extracting(ConfiguredDatabase::name).containsExactly("default", "my_orders");
        assertThat(service.databases().get(1).fileName()).isEqualTo("other.db");
    }

    @Test
    void without_a_top_level_replica_only_the_named_databases_exist() throws Exception {
        assertThat(two().without("REPLICA_URL").read().databases())
                .extracting(ConfiguredDatabase::name)
                .containsExactly("orders");
    }

    @Test
    void an_entry_named_default_refines_the_top_level() throws Exception {
        ConfiguredDatabase database = TestConfig.working(folder)
                .yaml("litestow.databases.default.path", "refined.db")
                .database();

        assertThat(database.fileName()).isEqualTo("refined.db");
        assertThat(database.replica().url()).isEqualTo("s3://bucket/path");
    }

    @Test
    void a_pair_of_keys_is_inherited_or_overridden_as_a_whole() throws Exception {
        TestConfig config = two().env("LITESTREAM_ACCESS_KEY_ID", "id")
                .env("LITESTREAM_SECRET_ACCESS_KEY", "secret")
                .yaml("litestow.databases.third.replica-url", "s3://bucket/third")
                .yaml("litestow.databases.third.path", "third.db");
        Path own = Files.writeString(folder.resolve("own-key"), "own-secret");

        config.yaml("litestow.databases.orders.access-key-id", "own-id")
                .yaml("litestow.databases.orders.secret-access-key-file", own.toString());

        ConfiguredService service = config.read();
        assertThat(service.databases().get(1).s3().accessKeyId()).isEqualTo(Optional.of(new Secret("own-id")));
        assertThat(service.databases().get(1).s3().secretAccessKey()).contains(new Secret("own-secret"));
        assertThat(service.databases().get(2).s3().secretAccessKey()).contains(new Secret("secret"));
    }

    @Test
    void half_a_pair_of_keys_is_not_completed_from_the_top_level() {
        refused(
                two().env("LITESTREAM_ACCESS_KEY_ID", "id")
                        .env("LITESTREAM_SECRET_ACCESS_KEY", "secret")
                        .yaml("litestow.databases.orders.access-key-id", "own-id"),
                "litestow.databases.orders.access-key-id in config/application.yaml",
                "LITESTREAM_SECRET_ACCESS_KEY is not");
    }

    @Test
    void two_databases_may_not_have_one_replica() {
        refused(
                two().yaml("litestow.databases.orders.replica-url", "S3://bucket/path//"),
                "databases default and orders have the same replica URL");
        refused(
                TestConfig.working(folder).yaml("litestow.databases.orders.path", "orders.db"),
                "REPLICA_URL in the environment",
                "have the same replica URL");
    }

    @Test
    void one_bucket_name_behind_two_endpoints_is_two_replicas() throws Exception {
        assertThat(two().yaml("litestow.databases.orders.replica-url", "s3://bucket/path")
                        .yaml("litestow.databases.orders.s3.endpoint", "http://elsewhere:9000")
                        .read()
                        .databases())
                .hasSize(2);
    }

    @Test
    void two_databases_may_not_be_one_file() throws Exception {
        refused(
                two().yaml("litestow.databases.orders.path", "db.sqlite"),
                "litestow.databases.orders.path in config/application.yaml",
                "databases default and orders are the same file");

        Files.writeString(folder.resolve("db.sqlite"), "");
        Files.createLink(folder.resolve("orders.db"), folder.resolve("db.sqlite"));
        refused(two(), "are the same file");
    }

    @Test
    void a_replica_may_not_lie_in_the_swept_part_of_another() {
        refused(
                two().yaml("litestow.databases.orders.replica-url", "s3://bucket/path/ltx/0"),
                "the replica is inside that of database default");
    }

    @Test
    void a_link_does_not_hide_that_two_replicas_or_two_files_are_one_or_lie_in_each_other() throws Exception {
        Path real = Files.createDirectories(folder.resolve("real/replica")).getParent();
        Path link = Files.createSymbolicLink(folder.resolve("link"), real);
        TestConfig config = TestConfig.working(folder.resolve("data"))
                .env("REPLICA_URL", "file://" + real + "/replica")
                .yaml("litestow.databases.orders.path", "orders.db");

        refused(
                config.yaml("litestow.databases.orders.replica-url", "file://" + link + "/replica"),
                "have the same replica URL");
        refused(
                config.yaml("litestow.databases.orders.replica-url", "file://" + link + "/replica/ltx/0"),
                "the replica is inside that of database default");
        refused(
                TestConfig.working(real.resolve("data"))
                        .yaml("litestow.databases.orders.replica-url", "file://" + folder + "/other")
                        .yaml("litestow.databases.orders.folder", link + "/data")
                        .yaml("litestow.databases.orders.path", "db.sqlite"),
                "are the same file");
    }

    @Test
    void a_database_may_not_lie_in_the_state_of_another() {
        refused(
                two().yaml(
                                "litestow.databases.orders.folder",
                                folder.resolve(".db.sqlite-litestow/x").toString()),
                "the folder is in the state of database default");
    }

    @Test
    void a_replica_may_not_lie_in_the_state_of_any_database() {
        refused(
                two().yaml(
                                "litestow.databases.orders.replica-url",
                                "file://" + folder.resolve(".db.sqlite-litestream/r")),
                "the replica is in the state of database default");
    }

    private static void refused(TestConfig config, String... parts) {
        assertThatExceptionOfType(InvalidSettings.class)
                .isThrownBy(config::read)
                .satisfies(
                        failure -> assertThat(failure).message().contains(parts).doesNotContain("\n"));
    }
}
