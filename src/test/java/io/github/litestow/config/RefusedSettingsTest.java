package io.github.litestow.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RefusedSettingsTest {
    @TempDir
    Path folder;

    static Stream<Arguments> mistakes() {
        return Stream.of(
                mistake("REPLICA_URL", "", "REPLICA_URL is not set"),
                mistake("REPLICA_URL", "bucket/path", "not a URL"),
                mistake("REPLICA_URL", "http://host/path", "no replica of type \"http\""),
                mistake("REPLICA_URL", "s3://", "no bucket name"),
                mistake("REPLICA_URL", "s3:///path", "no bucket name"),
                mistake("REPLICA_URL", "s3://b/path", "no bucket name"),
                mistake("REPLICA_URL", "s3://bucket.s3.eu-west-1.amazonaws.com/path", "no bucket name"),
                mistake("REPLICA_URL", "s3://bucket", "no path follows the bucket"),
                mistake("REPLICA_URL", "s3://bucket/", "no path follows the bucket"),
                mistake("REPLICA_URL", "s3://bucket//path", "holds //"),
                mistake("LITESTOW_SESSION_TOKEN", "hush", "the keys it belongs to"),
                mistake("REPLICA_URL", "s3://bucket/../path", "holds //, /./ or /../"),
                mistake("REPLICA_URL", "s3://bucket/pa\nth", "control character"),
                mistake("REPLICA_URL", "s3://bucket/path#x", "fragment"),
                mistake("REPLICA_URL", "s3://bucket/path?endpoint=http://x", "LITESTOW_S3_ENDPOINT"),
                mistake("REPLICA_URL", "file://host/path", "no host and no relative path"),
                mistake("REPLICA_URL", "file://./path", "no host and no relative path"),
                mistake("REPLICA_URL", "file:path", "three slashes"),
                mistake("REPLICA_URL", "file:///", "no folder"),
                mistake("REPLICA_URL", "file:///a/../b", "/../"),
                mistake("DB_SQLITE", "a/b.db", "path separator"),
                mistake("DB_SQLITE", "..\\b.db", "path separator"),
                mistake("DB_SQLITE", "../b.db", "path separator"),
                mistake("DB_SQLITE", ".b.db", "not a plain file name"),
                mistake("DB_SQLITE", ".db", "not a plain file name"),
                mistake("DB_SQLITE", "-b.db", "not a plain file name"),
                mistake("DB_SQLITE", "b\tc.db", "not a plain file name"),
                mistake("DB_SQLITE", "b?mode=ro.db", "not a plain file name"),
                mistake("DB_SQLITE", "a%20b.db", "in which \"%20\" is something else"),
                mistake("DB_SQLITE", "a%C3b.db", "in which \"%C3\" is something else"),
                mistake("DB_SQLITE", "a#b.db", "in which \"#\" is something else"),
                mistake("DB_SQLITE", "*.db", "it holds a wildcard; {name} stands for the name of each database"),
                mistake("DB_SQLITE", "tenant[0-9].db", "{name} stands"),
                mistake("DB_SQLITE", "tenant?.db", "it holds a wildcard"),
                mistake("DB_SQLITE", "b".repeat(300) + ".db", "longer than 200 bytes"),
                mistake("DB_SQLITE", "\u00fc".repeat(120) + ".db", "longer than 200 bytes"),
                mistake("LITESTOW_FOLDER", "/dev/null/a%20b", "as a URI, in which \"%20\" is something else"),
                mistake("REPLICA_URL", "s3://bucket/gr\uFFFD\uFFFDn", "LC_ALL=C.UTF-8"),
                mistake("DB_SQLITE", "gr\uFFFD\uFFFDn.db", "LC_ALL=C.UTF-8"),
                mistake("LITESTOW_FOLDER", "/gr\uFFFD\uFFFDn", "LC_ALL=C.UTF-8"),
                mistake("LITESTOW_S3_REGION", "gr\uFFFD\uFFFDn", "LC_ALL=C.UTF-8"),
                mistake("LITESTOW_LITESTREAM_BINARY", "/gr\uFFFD\uFFFDn", "LC_ALL=C.UTF-8"),
                mistake("LITESTOW_API_TOKEN", "gr\uFFFD\uFFFDn" + "x".repeat(16), "LC_ALL=C.UTF-8"),
                mistake("LITESTOW_API_TOKEN_FILE", "/gr\uFFFD\uFFFDn", "LC_ALL=C.UTF-8"),
                mistake("DB_SQLITE", "b.txt", "does not end like a database"),
                mistake("DB_SQLITE", "db", "does not end like a database"),
                mistake("LITESTOW_SNAPSHOT_CRON", "every day", "is not a cron expression"),
                mistake("LITESTOW_SNAPSHOT_CRON", "61 * * * *", "is not a cron expression"),
                mistake("LITESTOW_SNAPSHOT_CRON", "0 0 0 30 2 ?", "never fires"),
                mistake("LITESTOW_SNAPSHOT_CRON", "0 0 31 4 *", "never fires"),
                mistake("LITESTOW_SNAPSHOT_CRON", "0 0 0 1 1 ? 2020", "never fires"),
                mistake("LITESTOW_SNAPSHOT_TIME_ZONE", "Mars/Olympus", "is not a time zone"),
                mistake("LITESTOW_SNAPSHOT_TIMEOUT", "soon", "is not a duration"),
                mistake("LITESTOW_SNAPSHOT_TIMEOUT", "0s", "is not positive"),
                mistake("LITESTOW_SNAPSHOT_TIMEOUT", "-5m", "is not positive"),
                mistake("LITESTOW_SNAPSHOT_TIMEOUT", "PT-5M", "is not positive"),
                mistake("LITESTOW_SNAPSHOT_TIMEOUT", "999999999999", "is not a duration"),
                mistake("LITESTOW_SNAPSHOT_SEAL_TIMEOUT", "PT0S", "is not positive"),
                mistake("LITESTOW_SNAPSHOT_DELETE_LOCAL", "maybe", "neither true nor false"),
                mistake("LITESTOW_SNAPSHOT_ON_SHUTDOWN", "tru", "neither true nor false"),
                mistake("LITESTOW_SNAPSHOT_ADOPT", "2", "neither true nor false"),
                mistake("LITESTOW_SNAPSHOT_SHRINK_LIMIT", "101%", "between 0% and 100%"),
                mistake("LITESTOW_SNAPSHOT_SHRINK_LIMIT", "50", "between 0% and 100%"),
                mistake("LITESTOW_SNAPSHOT_SHRINK_LIMIT", "-1%", "between 0% and 100%"),
                mistake("LITESTOW_SNAPSHOT_SHRINK_LIMIT", "NaN", "between 0% and 100%"),
                mistake("LITESTOW_RETENTION_KEEP_FOR", "a week", "is not a duration"),
                mistake("LITESTOW_RETENTION_KEEP_FOR", "-P1D", "is not a duration"),
                mistake("LITESTOW_RETENTION_KEEP_AT_LEAST", "0", "1 or more"),
                mistake("LITESTOW_RETENTION_KEEP_AT_LEAST", "2.5", "1 or more"),
                mistake("LITESTOW_RETENTION_GRACE", "x", "is not a duration"),
                mistake("LITESTOW_RESTORE_ON_START", "later", "neither true nor false"),
                mistake("LITESTOW_RESTORE_REQUIRED", "later", "neither true nor false"),
                mistake(
                        "LITESTOW_RESTORE_ON_DAMAGE",
                        "ignore",
                        "is not one of the choices; accepted: fail or fallback"),
                mistake("LITESTOW_VERIFY_EVERY", "0", "is not positive"),
                mistake("LITESTOW_HEALTH_MAX_AGE", "0", "is not positive"),
                mistake("LITESTOW_HEALTH_READINESS", "green", "accepted: restored or fresh"),
                mistake("LITESTOW_S3_ENDPOINT", "localhost:9000", "not the URL of an HTTP endpoint"),
                mistake("LITESTOW_S3_ENDPOINT", "http://a b", "not a URL"),
                mistake("LITESTOW_S3_ENDPOINT", "http://host?x=y", "query"),
                mistake("LITESTOW_S3_REGION", "eu central", "is not a region name"),
                mistake("LITESTOW_S3_FORCE_PATH_STYLE", "x", "neither true nor false"),
                mistake("LITESTOW_SHUTDOWN_GRACE", "0", "is not positive"),
                mistake("LITESTOW_CONCURRENCY", "0", "1 or more"),
                mistake("LITESTOW_API_TOKEN", "short", "too short; accepted: at least 16 characters"),
                mistake("LITESTREAM_ACCESS_KEY_ID", "id", "LITESTREAM_SECRET_ACCESS_KEY is not"),
                mistake("LITESTREAM_SECRET_ACCESS_KEY", "key", "LITESTREAM_ACCESS_KEY_ID is not"),
                mistake("LITESTOW_API_TOKEN_FILE", "/no/such/file", "does not exist"),
                mistake("LITESTOW_API_TOKEN_FILE", "/", "is a folder"),
                mistake("LITESTOW_API_TOKEN_FILE", "/dev/null", "is empty"),
                mistake("LITESTOW_API_TOKEN_FILE", "/dev/zero", "is larger than"),
                mistake("LITESTOW_NOTIFY_URLS", "slack.example/x", "address 1 is neither a URL"),
                mistake("LITESTOW_NOTIFY_URLS", "https://a/x, pager+https://b/x", "address 2 is of no kind"),
                mistake("LITESTOW_NOTIFY_URLS", "https://a b", "address 2 is neither a URL"),
                mistake("LITESTOW_NOTIFY_URLS", "slack+https:///x", "address 1 names no host"),
                mistake("LITESTOW_NOTIFY_URLS", "mailto:ops", "address 1 is not mailto: with mail addresses"),
                mistake("LITESTOW_NOTIFY_ON", "failure,sucess", "\"sucess\" is nothing to be told of"),
                mistake("LITESTOW_NOTIFY_REMIND", "0", "is not positive"),
                mistake("LITESTOW_HEARTBEAT_URL", "hc-ping.com/x", "the address"),
                mistake("LITESTOW_HOOK_TIMEOUT", "0", "is not positive"),
                mistake("LITESTOW_FOLDER", "/dev/null", "is not a folder"),
                mistake("LITESTOW_FOLDER", "/dev/null/x", "cannot be created"),
                mistake("LITESTOW_FOLDER", "/proc/litestow", "cannot be created"),
                mistake("LITESTOW_SNAPSHOT_TIMOUT", "5m", "the nearest is LITESTOW_SNAPSHOT_TIMEOUT"),
                mistake("LITESTOW_DATABASES_ORDERS_PAHT", "x", "is not a setting"));
    }

    private static Arguments mistake(String name, String value, String problem) {
        return arguments(name, value, problem);
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void a_mistake_is_one_line_that_names_the_place_and_the_problem(String name, String value, String problem) {
        assertThat(refusal(TestConfig.working(folder).env(name, value)))
                .contains(name)
                .contains("in the environment")
                .contains(problem)
                .contains("accepted: ");
    }

    @Test
    void every_mistake_is_told_at_once_and_what_databases_inherit_once() {
        TestConfig config = TestConfig.working(folder)
                .env("REPLICA_URL", "ftp://host/hush")
                .env("LITESTOW_SNAPSHOT_TIMOUT", "5m")
                .env("LITESTOW_SNAPSHOT_DELETE_LOCAL", "maybe")
                .env("LITESTREAM_ACCESS_KEY_ID", "hush")
                .env("LITESTOW_API_TOKEN", "hush")
                .env("LITESTOW_SHUTDOWN_GRACE", "${NOTHING}")
                .yaml("litestow.snapshot.cron", "every day")
                .yaml("litestow.databases.orders.replica-url", "s3://bucket/orders")
                .yaml("litestow.databases.orders.path", "orders.txt");

        assertThat(mistakes(config))
                .hasSize(8)
                .noneMatch(mistake -> mistake.contains("hush"))
                .satisfiesOnlyOnce(mistake -> assertThat(mistake).contains("is not a setting"))
                .satisfiesOnlyOnce(mistake -> assertThat(mistake)
                        .startsWith("LITESTOW_SNAPSHOT_DELETE_LOCAL in the environment: \"maybe\" is neither"))
                .satisfiesOnlyOnce(mistake -> assertThat(mistake)
                        .startsWith("litestow.snapshot.cron in config/application.yaml: \"every day\" is not a cron"))
                .satisfiesOnlyOnce(mistake ->
                        assertThat(mistake).startsWith("LITESTREAM_ACCESS_KEY_ID in the environment: it is set, but"))
                .satisfiesOnlyOnce(mistake -> assertThat(mistake)
                        .startsWith("REPLICA_URL in the environment: litestream knows no replica of type \"ftp\""))
                .satisfiesOnlyOnce(mistake ->
                        assertThat(mistake).startsWith("LITESTOW_API_TOKEN in the environment: the token is too short"))
                .satisfiesOnlyOnce(mistake ->
                        assertThat(mistake).startsWith("LITESTOW_SHUTDOWN_GRACE in the environment: it refers"))
                .satisfiesOnlyOnce(mistake -> assertThat(mistake)
                        .startsWith("litestow.databases.orders.path in config/application.yaml: \"orders.txt\""));
    }

    @Test
    void a_reference_to_nothing_is_refused() {
        assertThat(refusal(TestConfig.working(folder).env("LITESTOW_FOLDER", "${NO_SUCH_VARIABLE}/x")))
                .contains("LITESTOW_FOLDER in the environment", "a property that is not set");
    }

    @Test
    void the_message_names_the_file_and_the_key_in_it() {
        assertThat(refusal(TestConfig.working(folder).yaml("litestow.snapshot.timeout", "x")))
                .isEqualTo(
                        "litestow.snapshot.timeout in config/application.yaml: \"x\" is not a duration from zero to a"
                                + " hundred years; accepted: a positive duration such as PT5M, 5m or 30s");
    }

    @Test
    void the_message_names_dot_env() throws Exception {
        Path file = Files.writeString(folder.resolve(".env"), "LITESTOW_FOLDERS=x\n");
        assertThat(refusal(TestConfig.working(folder).dotEnv(file)))
                .contains("\"LITESTOW_FOLDERS\" in ", ".env is not");

        Files.writeString(file, "DB_SQLITE=a.txt\n");
        assertThat(refusal(TestConfig.working(folder).dotEnv(file))).startsWith("DB_SQLITE in " + file + ": ");
    }

    @ParameterizedTest
    @CsvSource({
        "litestow.snapshot.timout, litestow.snapshot.timeout",
        "litestow.replicaurl, litestow.replica-url",
        "litestow.databases.orders.foldr, litestow.databases.orders.folder",
        "litestow.databases.orders.database, litestow.databases.orders.path",
        "litestow.snapshot, litestow.snapshot.cron",
        "litestow.replica-url[0], litestow.replica-url",
    })
    void an_unknown_key_names_the_nearest_known_one(String unknown, String nearest) {
        assertThat(refusal(TestConfig.working(folder).yaml(unknown, "x")))
                .startsWith('"' + unknown + "\" in config/application.yaml is not a setting")
                .endsWith("the nearest is " + nearest);
    }

    @Test
    void names_for_tests_are_nobodys_mistake() throws Exception {
        assertThat(TestConfig.working(folder)
                        .env("LITESTOW_TEST_S3", "x")
                        .yaml("litestow.test.basedir", "x")
                        .read()
                        .databases())
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "s3://AKIAHUSH:hushhush@bucket/path",
                "s3://AKIAHUSH:hush/hush@bucket/path",
                "s3://hush@bucket/path",
                "file://hush@/path",
                "s3://bucket/path?secret-access-key=hush",
                "sftp://user:hush@host/path",
                "sftp://user:hu/sh@host/path",
                "oss://bucket/path?accessKeySecret=hush",
                "hush/hush+hush",
                "webdav://host/path#hush",
            })
    void keys_in_areplica_url_are_refused_and_not_repeated(String url) {
        TestConfig config = TestConfig.working(folder).env("REPLICA_URL", url);

        assertThat(refusal(config))
                .startsWith("REPLICA_URL in the environment: ")
                .doesNotContainIgnoringCase("hush");
        assertThat(new EffectiveSettings(config.build()).of("default").toString())
                .doesNotContainIgnoringCase("hush");
    }

    @Test
    void keys_in_an_endpoint_are_refused_and_not_repeated() {
        assertThat(refusal(TestConfig.working(folder).env("LITESTOW_S3_ENDPOINT", "http://id:hush@host")))
                .contains("user info")
                .doesNotContain("hush");
    }

    @Test
    void addresses_of_those_who_are_told_are_secrets() throws Exception {
        TestConfig config = TestConfig.working(folder)
                .env("LITESTOW_NOTIFY_URLS", "slack+https://hooks.example/hush https://me:hush@host/x")
                .env("LITESTOW_HEARTBEAT_URL", "https://hc.example/hush?msg={msg}");

        assertThat(config.read().telling().targets())
                .hasSize(2)
                .extracting(NotifyTarget::toString)
                .containsExactly("slack:***", "https:***");
        assertThat(new EffectiveSettings(config.build()).of("default").toString()
                        + new EffectiveSettings(config.build()).ofService())
                .doesNotContain("hush");
        assertThat(refusal(TestConfig.working(folder).env("LITESTOW_NOTIFY_URLS", "https://a hush\\://x")))
                .doesNotContain("hush");
    }

    @Test
    void mail_without_asender_is_refused_at_once() {
        TestConfig config =
                TestConfig.working(folder).env("LITESTOW_NOTIFY_URLS", "mailto:ops@example.com,me@example.com");

        assertThat(refusal(config)).contains("QUARKUS_MAILER_FROM");
    }

    @Test
    void a_secret_and_its_file_may_not_both_be_set() throws Exception {
        Path file = Files.writeString(folder.resolve("key"), "hush-file");
        assertThat(refusal(TestConfig.working(folder)
                        .env("LITESTREAM_ACCESS_KEY_ID", "id")
                        .env("LITESTREAM_SECRET_ACCESS_KEY_FILE", file.toString())
                        .yaml("litestow.secret-access-key", "hush")))
                .contains(
                        "litestow.secret-access-key in config/application.yaml",
                        "LITESTREAM_SECRET_ACCESS_KEY_FILE in the environment",
                        "both are set")
                .doesNotContain("hush");
    }

    @Test
    void a_secret_file_that_is_no_text_is_refused() throws Exception {
        Path binary = Files.write(folder.resolve("binary"), new byte[] {(byte) 0xff, (byte) 0xfe, 1});
        Path zero = Files.write(folder.resolve("zero"), new byte[] {'a', 0, 'b'});
        Path newline = Files.writeString(folder.resolve("newline"), "\n");

        assertThat(refusal(TestConfig.working(folder).env("LITESTOW_API_TOKEN_FILE", binary.toString())))
                .contains("is not UTF-8 text");
        assertThat(refusal(TestConfig.working(folder).env("LITESTOW_API_TOKEN_FILE", zero.toString())))
                .contains("holds a zero byte");
        assertThat(refusal(TestConfig.working(folder).env("LITESTOW_API_TOKEN_FILE", newline.toString())))
                .contains("is empty");
    }

    @Test
    void symbolic_links_are_refused() throws Exception {
        Path real = Files.createDirectory(folder.resolve("real"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), real);
        assertThat(refusal(TestConfig.working(link))).contains("LITESTOW_FOLDER", "is a symbolic link");

        for (String name : new String[] {"db.sqlite", ".db.sqlite-litestow", ".db.sqlite-litestream"}) {
            Path inside = Files.createSymbolicLink(real.resolve(name), folder.resolve("elsewhere"));
            assertThat(refusal(TestConfig.working(real))).contains(name + "\" is a symbolic link");
            Files.delete(inside);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a%20b", "a#b", "a?b", "%2F"})
    void a_folder_that_litestream_reads_as_another_is_refused_under_whatever_name_and_not_made(String name)
            throws Exception {
        Path real = folder.resolve(name);
        assertThat(refusal(TestConfig.working(real.resolve("data"))))
                .contains("LITESTOW_FOLDER in the environment", "open and change another file; rename the folder");
        assertThat(real).doesNotExist();

        Path link = Files.createSymbolicLink(folder.resolve("link"), Files.createDirectory(real));
        assertThat(refusal(TestConfig.working(link.resolve("data")))).contains("rename the folder");
        assertThat(real).isEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(strings = {"100%.db", "a%b.db", "a b&c=d+e;f.db", "${x}a{b}'\"$.db", "grün.db"})
    void a_name_that_litestream_takes_as_it_is_is_accepted(String name) {
        assertThat(TestConfig.working(folder)
                        .yaml("litestow.database", name.replace("${", "\\${"))
                        .database()
                        .fileName())
                .isEqualTo(name);
    }

    @Test
    void a_secret_that_was_not_read_whole_is_refused_and_not_repeated() {
        assertThat(refusal(TestConfig.working(folder)
                        .env("LITESTREAM_ACCESS_KEY_ID", "id")
                        .env("LITESTREAM_SECRET_ACCESS_KEY", "hush\uFFFD")))
                .startsWith("LITESTREAM_SECRET_ACCESS_KEY in the environment: it holds a character")
                .contains("LC_ALL=C.UTF-8")
                .doesNotContain("hush");
    }

    @Test
    void a_name_that_was_not_read_whole_is_refused() {
        assertThat(refusal(TestConfig.working(folder).env("LITESTOW_DATABASES_GR\uFFFD\uFFFDN_PATH", "x.db")))
                .contains("LC_ALL=C.UTF-8", "config/application.yaml");
    }

    @Test
    void a_folder_in_place_of_the_database_is_refused() throws Exception {
        Files.createDirectory(folder.resolve("db.sqlite"));

        assertThat(refusal(TestConfig.working(folder))).contains("DB_SQLITE", "db.sqlite\" is a folder");
    }

    @ParameterizedTest
    @CsvSource({
        "data, 'is, or holds, the folder'",
        "., 'is, or holds, the folder'",
        "data/.db.sqlite-litestow, is in the state",
        "data/.db.sqlite-litestow/replica, is in the state",
        "data/.db.sqlite-litestream, is in the state",
        "data/db.sqlite/replica, is in the state",
    })
    void a_replica_on_disk_may_not_be_swept_up_with_the_database(String place, String problem) {
        String replica = "file://" + folder.resolve(place).normalize();
        TestConfig config = TestConfig.working(folder.resolve("data")).env("REPLICA_URL", replica);

        assertThat(refusal(config)).contains("REPLICA_URL in the environment: ", problem, "database default");
    }

    @Test
    void a_link_does_not_hide_that_the_replica_holds_the_database() throws Exception {
        Path data = Files.createDirectory(folder.resolve("data"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), data);

        assertThat(refusal(TestConfig.working(data).env("REPLICA_URL", "file://" + link)))
                .contains("the replica is, or holds, the folder");
    }

    @Test
    void a_replica_in_a_folder_of_its_own_may_lie_beside_the_database() throws Exception {
        assertThat(TestConfig.working(folder)
                        .env("REPLICA_URL", "file://" + folder.resolve("replica"))
                        .database()
                        .replica()
                        .folder())
                .contains(folder.resolve("replica"));
    }

    private static String refusal(TestConfig config) {
        List<String> mistakes = mistakes(config);
        assertThat(mistakes).hasSize(1);
        return mistakes.get(0);
    }

    private static List<String> mistakes(TestConfig config) {
        var thrown = catchThrowableOfType(InvalidSettings.class, config::read);
        assertThat(thrown).isNotNull();
        assertThat(thrown.mistakes()).isNotEmpty().allSatisfy(mistake -> {
            assertThat(mistake.kind()).isEqualTo(FailureKind.SETTINGS);
            assertThat(mistake.hint()).matches("[A-Z].*\\.");
            assertThat(mistake.getMessage()).doesNotContain("\n");
        });
        return thrown.mistakes().stream().map(Failure::getMessage).toList();
    }
}
