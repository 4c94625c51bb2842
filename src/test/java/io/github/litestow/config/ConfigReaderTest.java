package io.github.litestow.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.LitestowConfig;
import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
import io.smallrye.config.SmallRyeConfig;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigReaderTest {
    private static final String TRICKY = "a$b${c}$$d\\$e\"f'g#h i%j\\k\nl";

    @TempDir
    Path folder;

    @Test
    void a_replica_url_is_enough_and_the_rest_has_defaults() throws Exception {
        ConfiguredService service = TestConfig.working(folder).read();

        assertThat(service.litestreamBinary()).isEmpty();
        assertThat(service.apiToken()).isEmpty();
        assertThat(service.shutdownGrace()).isEqualTo(Duration.ofSeconds(25));
        assertThat(service.databases()).hasSize(1);
        ConfiguredDatabase database = service.databases().get(0);
        Path real = folder.toRealPath();
        assertThat(database.name()).isEqualTo("default");
        assertThat(database.database()).isEqualTo(real.resolve("db.sqlite"));
        assertThat(database.stateFolder()).isEqualTo(real.resolve(".db.sqlite-litestow"));
        assertThat(database.engineFolder()).isEqualTo(real.resolve(".db.sqlite-litestream"));
        assertThat(database.replica()).isEqualTo(new ReplicaUrl("s3://bucket/path", "s3"));
        assertThat(database.s3())
                .isEqualTo(new S3Settings(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        false));
        assertThat(database.schedule()).contains(new Schedule("0 */5 * * * ?", ZoneId.of("UTC")));
        assertThat(database.snapshot().timeout()).isEqualTo(Duration.ofMinutes(5));
        assertThat(database.snapshot().sealTimeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(database.snapshot().deleteLocal()).isTrue();
        assertThat(database.snapshot().shrinkLimit()).isEqualTo(0.5);
        assertThat(database.snapshot().onShutdown()).isTrue();
        assertThat(database.snapshot().adopt()).isFalse();
        assertThat(database.retention().keepFor()).isEqualTo(Duration.ofDays(7));
        assertThat(database.retention().keepAtLeast()).isEqualTo(3);
        assertThat(database.retention().grace()).isEqualTo(Duration.ofHours(1));
        assertThat(database.restoreOnStart()).isTrue();
        assertThat(database.restore().required()).isFalse();
        assertThat(database.restore().fallback()).isFalse();
        assertThat(database.quarantine().keepFor()).isEqualTo(Duration.ofDays(30));
        assertThat(database.quarantine().keepBytes()).isEqualTo(10L << 30);
        assertThat(database.verifyEvery()).isEqualTo(Duration.ofDays(1));
        assertThat(database.leaseTime()).isEqualTo(Duration.ofMinutes(1));
        assertThat(database.health().maxAge()).isEmpty();
        assertThat(database.health().readinessNeedsFresh()).isFalse();
        assertThat(service.concurrency()).isEqualTo(Runtime.getRuntime().availableProcessors());
    }

    /** SmallRye asks the converter of an unset setting for an empty text: whoever accepts one makes it set. */
    @ParameterizedTest
    @ValueSource(classes = {LitestowConfig.class, LitestowConfig.Database.class})
    void what_is_unset_and_has_no_default_is_empty(Class<?> mapping) throws Exception {
        SmallRyeConfig config =
                TestConfig.empty().env("REPLICA_URL", "file:///no-replica").build();
        String prefix = mapping == LitestowConfig.class ? "litestow" : "litestow.databases.default";
        ConfigMappings.registerConfigProperties(config, Set.of(new ConfigClass(mapping, prefix)));

        assertThat(emptyTexts(mapping, config.getConfigMapping(mapping, prefix)))
                .isEmpty();
    }

    private static List<String> emptyTexts(Class<?> type, Object settings) throws ReflectiveOperationException {
        List<String> found = new ArrayList<>();
        for (Method setting : type.getMethods()) {
            if (setting.getParameterCount() > 0 || setting.isDefault()) {
                continue;
            }
            Object value = setting.invoke(settings);
            if (value instanceof Optional<?> optional
                    && optional.filter(one -> String.valueOf(one).isEmpty()).isPresent()) {
                found.add(type.getSimpleName() + "." + setting.getName());
            } else if (setting.getReturnType().isInterface()
                    && setting.getReturnType().getName().startsWith("io.github.litestow.")) {
                found.addAll(emptyTexts(setting.getReturnType(), value));
            }
        }
        return found;
    }

    @Test
    void every_setting_is_read_from_its_environment_name() throws Exception {
        ConfiguredService service = TestConfig.working(folder)
                .env("DB_SQLITE", "shop.db3")
                .env("LITESTREAM_ACCESS_KEY_ID", "id")
                .env("LITESTOW_SESSION_TOKEN", "t$ken${x}")
                .env("LITESTREAM_SECRET_ACCESS_KEY", "secret")
                .env("LITESTOW_S3_ENDPOINT", "http://localhost:9000/")
                .env("LITESTOW_S3_REGION", "eu-central-1")
                .env("LITESTOW_S3_FORCE_PATH_STYLE", "TRUE")
                .env("LITESTOW_LITESTREAM_BINARY", "/opt/litestream")
                .env("LITESTOW_SNAPSHOT_CRON", "*/10 * * * *")
                .env("LITESTOW_SNAPSHOT_TIME_ZONE", "Europe/Berlin")
                .env("LITESTOW_SNAPSHOT_TIMEOUT", "90s")
                .env("LITESTOW_SNAPSHOT_SEAL_TIMEOUT", "1s")
                .env("LITESTOW_SNAPSHOT_DELETE_LOCAL", "false")
                .env("LITESTOW_SNAPSHOT_SHRINK_LIMIT", "25%")
                .env("LITESTOW_SNAPSHOT_ON_SHUTDOWN", "no")
                .env("LITESTOW_SNAPSHOT_ADOPT", "true")
                .env("LITESTOW_RETENTION_KEEP_FOR", "P30D")
                .env("LITESTOW_RETENTION_KEEP_AT_LEAST", "7")
                .env("LITESTOW_RETENTION_GRACE", "0s")
                .env("LITESTOW_RESTORE_ON_START", "false")
                .env("LITESTOW_RESTORE_REQUIRED", "true")
                .env("LITESTOW_RESTORE_ON_DAMAGE", "fallback")
                .env("LITESTOW_QUARANTINE_KEEP_FOR", "1d12h")
                .env("LITESTOW_QUARANTINE_KEEP_BYTES", "500MB")
                .env("LITESTOW_LEASE_TIME", "10s")
                .env("LITESTOW_VERIFY_EVERY", "12h")
                .env("LITESTOW_HEALTH_MAX_AGE", "PT20M")
                .env("LITESTOW_HEALTH_READINESS", "fresh")
                .env("LITESTOW_SHUTDOWN_GRACE", "5")
                .env("LITESTOW_API_TOKEN", "0123456789abcdef")
                .env("LITESTOW_CONCURRENCY", "4")
                .read();

        ConfiguredDatabase database = service.databases().get(0);
        assertThat(database.fileName()).isEqualTo("shop.db3");
        assertThat(database.s3())
                .isEqualTo(new S3Settings(
                        Optional.of(new Secret("id")),
                        Optional.of(new Secret("secret")),
                        Optional.of(new Secret("t$ken${x}")),
                        Optional.of("http://localhost:9000"),
                        Optional.of("eu-central-1"),
                        true));
        assertThat(database.schedule()).contains(new Schedule("*/10 * * * *", ZoneId.of("Europe/Berlin")));
        assertThat(database.snapshot().timeout()).isEqualTo(Duration.ofSeconds(90));
        assertThat(database.snapshot().sealTimeout()).isEqualTo(Duration.ofSeconds(1));
        assertThat(database.snapshot().deleteLocal()).isFalse();
        assertThat(database.snapshot().shrinkLimit()).isEqualTo(0.25);
        assertThat(database.snapshot().onShutdown()).isFalse();
        assertThat(database.snapshot().adopt()).isTrue();
        assertThat(database.retention().keepFor()).isEqualTo(Duration.ofDays(30));
        assertThat(database.retention().keepAtLeast()).isEqualTo(7);
        assertThat(database.retention().grace()).isZero();
        assertThat(database.restoreOnStart()).isFalse();
        assertThat(database.restore().required()).isTrue();
        assertThat(database.restore().fallback()).isTrue();
        assertThat(database.quarantine().keepFor()).isEqualTo(Duration.ofHours(36));
        assertThat(database.quarantine().keepBytes()).isEqualTo(500L << 20);
        assertThat(database.verifyEvery()).isEqualTo(Duration.ofHours(12));
        assertThat(database.leaseTime()).isEqualTo(Duration.ofSeconds(10));
        assertThat(database.health().maxAge()).contains(Duration.ofMinutes(20));
        assertThat(database.health().readinessNeedsFresh()).isTrue();
        assertThat(service.litestreamBinary()).contains(Path.of("/opt/litestream"));
        assertThat(service.shutdownGrace()).isEqualTo(Duration.ofSeconds(5));
        assertThat(service.apiToken()).contains(new Secret("0123456789abcdef"));
        assertThat(service.concurrency()).isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"off", "OFF", "false"})
    void the_cron_can_be_off(String off) throws Exception {
        ConfiguredDatabase database =
                TestConfig.working(folder).env("LITESTOW_SNAPSHOT_CRON", off).database();

        assertThat(database.schedule()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "s3://bucket/a/b/, s3://bucket/a/b, s3",
        "S3://bucket/a, s3://bucket/a, s3",
        "s3://my_Bucket.x/a b, s3://my_Bucket.x/a b, s3",
        "file:///backup/db/, file:///backup/db, file",
        "gs://bucket/path, gs://bucket/path, gs",
        "abs://account@container/path, abs://account@container/path, abs",
        "sftp://user@host:22/path, sftp://user@host:22/path, sftp",
        "oss://bucket/path?region=eu, oss://bucket/path?region=eu, oss",
    })
    void a_replica_url_keeps_its_words_and_loses_its_last_slash(String given, String url, String scheme)
            throws Exception {
        ConfiguredDatabase database =
                TestConfig.working(folder).env("REPLICA_URL", given).database();

        assertThat(database.replica()).isEqualTo(new ReplicaUrl(url, scheme));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.db", "a.db3", "a.sqlite", "my shop.v2.sqlite3", "a b.c.db"})
    void every_plain_file_name_is_accepted(String name) throws Exception {
        assertThat(TestConfig.working(folder).env("DB_SQLITE", name).database().fileName())
                .isEqualTo(name);
    }

    @Test
    void a_missing_folder_is_created() throws Exception {
        Path missing = folder.resolve("a/b");

        TestConfig.working(missing).read();

        assertThat(missing).isDirectory();
    }

    @Test
    void a_secret_may_hold_any_sign() throws Exception {
        S3Settings s3 = TestConfig.working(folder)
                .env("LITESTREAM_ACCESS_KEY_ID", "id")
                .env("LITESTREAM_SECRET_ACCESS_KEY", TRICKY)
                .database()
                .s3();

        assertThat(s3.secretAccessKey().orElseThrow().reveal()).isEqualTo(TRICKY);
    }

    @Test
    void a_secret_may_hold_any_sign_in_yaml_too() throws Exception {
        ConfiguredService service = TestConfig.working(folder)
                .yaml("litestow.access-key-id", "${")
                .yaml("litestow.secret-access-key", "x" + TRICKY)
                .yaml("litestow.api.token", "sixteen-or-more " + TRICKY)
                .yaml("litestow.databases.other.replica-url", "s3://bucket/other")
                .yaml("litestow.databases.other.path", "other.db")
                .yaml("litestow.databases.other.access-key-id", "${handler::x}")
                .yaml("litestow.databases.other.secret-access-key", "y" + TRICKY)
                .read();

        S3Settings own = service.databases().get(0).s3();
        S3Settings other = service.databases().get(1).s3();
        assertThat(own.accessKeyId().orElseThrow().reveal()).isEqualTo("${");
        assertThat(own.secretAccessKey().orElseThrow().reveal()).isEqualTo("x" + TRICKY);
        assertThat(other.accessKeyId().orElseThrow().reveal()).isEqualTo("${handler::x}");
        assertThat(other.secretAccessKey().orElseThrow().reveal()).isEqualTo("y" + TRICKY);
        assertThat(service.apiToken().orElseThrow().reveal()).isEqualTo("sixteen-or-more " + TRICKY);
    }

    @Test
    void every_secret_can_come_from_a_file_less_one_newline() throws Exception {
        Path id = Files.writeString(folder.resolve("id"), "id\n");
        Path key = Files.writeString(folder.resolve("key"), TRICKY + "\n\n");
        Path token = Files.writeString(folder.resolve("token"), "0123456789abcdef\r\n");

        ConfiguredService service = TestConfig.working(folder)
                .env("LITESTREAM_ACCESS_KEY_ID_FILE", id.toString())
                .env("LITESTREAM_SECRET_ACCESS_KEY_FILE", key.toString())
                .env("LITESTOW_API_TOKEN_FILE", token.toString())
                .read();

        S3Settings s3 = service.databases().get(0).s3();
        assertThat(s3.accessKeyId().orElseThrow().reveal()).isEqualTo("id");
        assertThat(s3.secretAccessKey().orElseThrow().reveal()).isEqualTo(TRICKY + "\n");
        assertThat(service.apiToken().orElseThrow().reveal()).isEqualTo("0123456789abcdef");
    }

    @Test
    void a_byte_order_mark_is_no_part_of_a_secret() throws Exception {
        Path token = Files.writeString(folder.resolve("token"), "\uFEFF0123456789abcdef\n");

        ConfiguredService service = TestConfig.working(folder)
                .env("LITESTOW_API_TOKEN_FILE", token.toString())
                .read();

        assertThat(service.apiToken().orElseThrow().reveal()).isEqualTo("0123456789abcdef");
    }

    @Test
    void an_empty_value_is_an_unset_one() throws Exception {
        ConfiguredService service = TestConfig.working(folder)
                .env("LITESTREAM_ACCESS_KEY_ID", "")
                .env("LITESTOW_API_TOKEN", "")
                .env("DB_SQLITE", "")
                .env("LITESTOW_SNAPSHOT_TIMEOUT", " ")
                .read();

        assertThat(service.apiToken()).isEmpty();
        assertThat(service.databases().get(0).s3().accessKeyId()).isEmpty();
        assertThat(service.databases().get(0).fileName()).isEqualTo("db.sqlite");
    }

    @Test
    void values_other_than_secrets_may_refer_to_others() throws Exception {
        ConfiguredDatabase database = TestConfig.working(folder)
                .env("BUCKET", "shop")
                .env("REPLICA_URL", "s3://${BUCKET}/db")
                .database();

        assertThat(database.replica().url()).isEqualTo("s3://shop/db");
    }

    @Test
    void nothing_that_prints_shows_a_secret() throws Exception {
        ConfiguredService service = TestConfig.working(folder)
                .env("LITESTREAM_ACCESS_KEY_ID", "hush-id")
                .env("LITESTREAM_SECRET_ACCESS_KEY", "hush-secret")
                .env("LITESTOW_API_TOKEN", "hush-0123456789abcdef")
                .read();

        assertThat(service.toString()).contains("***").doesNotContain("hush");
    }
}
