package io.github.litestow.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.application.Sample;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsIT {
    private static final String KEY_ID = "AKIDLITESTOWTEST";
    private static final String SECRET = "s3cr3t/with'quote\"hash#dollar$HOME${b}and=more";
    private static final String TOKEN = "token-of-more-than-16-signs";

    @RegisterExtension
    final PackagedProgram litestow = new PackagedProgram();

    @Test
    void the_env_file_of_pylts_works_as_it_is() throws IOException {
        litestow.unset("REPLICA_URL");
        write(".env", """
                # what pylts read
                export LITESTREAM_ACCESS_KEY_ID='xxx'
                LITESTREAM_SECRET_ACCESS_KEY="y\\"y#y"
                REPLICA_URL=%s
                DB_SQLITE=orders.db
                """.formatted(litestow.replicaUrl()));
        Sample.add(litestow.data().resolve("orders.db"), 3);

        litestow.run("snapshot").with(0);

        assertThat(litestow.data().resolve("orders.db")).doesNotExist();
        assertThat(litestow.data().resolve(".orders.db-litestow")).isDirectory();
        assertThat(Replicas.rows(litestow)).isEqualTo(3);
    }

    @Test
    void the_environment_beats_the_env_file_which_beats_yaml() throws IOException {
        litestow.unset("REPLICA_URL");
        write("config/application.yaml", """
                litestow:
                  replica-url: file:///from/yaml
                  database: yaml.db
                  folder: from-yaml
                """);
        assertThat(replicaOf(litestow.run("status", "--json"))).isEqualTo("file:///from/yaml");
        assertThat(litestow.work().resolve("from-yaml")).isDirectory();

        write(".env", "REPLICA_URL=file:///from/dotenv\nLITESTOW_FOLDER=from-dotenv\n");
        assertThat(replicaOf(litestow.run("status", "--json"))).isEqualTo("file:///from/dotenv");

        litestow.env("REPLICA_URL", litestow.replicaUrl());
        Sample.add(litestow.work().resolve("from-dotenv").resolve("yaml.db"), 3);
        litestow.run("snapshot").with(0);
        assertThat(Replicas.rows(litestow)).isEqualTo(3);
    }

    /** Every mistake: {@code RefusedSettingsTest}. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            restore  | REPLICA_URL                       | ''              | REPLICA_URL is not set
            snapshot | LITESTOW_SNAPSHOT_TIMEOUT         | PT0S            | is not positive
            status   | LITESTREAM_SECRET_ACCESS_KEY_FILE | /no/such/file   | does not exist
            serve    | LITESTOW_API_TOKEN                | s3cr3t          | too short
            """)
    void a_mistake_is_one_clear_line_and_exit_code_two_before_anything_runs(
            String command, String name, String value, String problem) {
        if (name.startsWith("LITESTREAM_SECRET_ACCESS_KEY")) {
            // Without its pair that would be a second mistake, and every mistake is told.
            litestow.env("LITESTREAM_ACCESS_KEY_ID", KEY_ID);
        }
        Ended refused = litestow.env(name, value).run(command).with(2).sayingOnce(name, problem);

        assertThat(refused.err()).doesNotContain("s3cr3t");
        assertThat(litestow.data()).doesNotExist();
        assertThat(litestow.replica()).doesNotExist();
    }

    @Test
    void a_mistake_in_a_setting_of_quarkus_is_one_line_too() {
        litestow.env("QUARKUS_HTTP_PORT", "many").run("serve").with(2).sayingOnce("quarkus.http.port", "many");
    }

    @Test
    void a_mistake_in_yaml_names_the_file() throws IOException {
        write("config/application.yaml", "litestow:\n  snapshot:\n    crom: x\n");

        litestow.run("status").with(2).sayingOnce("litestow.snapshot.crom", "application.yaml");
    }

    @Test
    void a_secret_comes_from_its_file_reaches_the_store_and_shows_up_nowhere() throws IOException {
        Path id = Files.writeString(litestow.root().resolve("key-id"), KEY_ID + "\n");
        Path secret = Files.writeString(litestow.root().resolve("secret"), SECRET + "\n");
        litestow.unset("REPLICA_URL")
                .env("LITESTREAM_ACCESS_KEY_ID_FILE", id.toString())
                .env("LITESTREAM_SECRET_ACCESS_KEY_FILE", secret.toString())
                .env("LITESTOW_API_TOKEN", TOKEN)
                .env("QUARKUS_LOG_LEVEL", "DEBUG")
                .env("QUARKUS_LOG_CATEGORY__IO_GITHUB_LITESTOW__LEVEL", "DEBUG");
        Sample.add(litestow.database(), 3);

        try (RefusingStore store = new RefusingStore()) {
            litestow.env("REPLICA_URL", "s3://bucket/path")
                    .env("LITESTOW_S3_ENDPOINT", store.address())
                    .env("LITESTOW_S3_REGION", "eu-central-1")
                    .env("LITESTOW_S3_FORCE_PATH_STYLE", "true");

            Ended refused = litestow.run("snapshot", "--json").with(4);

            assertThat(refused.firstRun().path("result").path("hint").asText()).contains("LITESTREAM_ACCESS_KEY_ID");
            assertThat(store.headers("Authorization")).isNotEmpty().allMatch(header -> header.contains(KEY_ID + "/"));
            assertThat(List.of(refused.out(), refused.err()))
                    .noneMatch(text -> text.contains(SECRET) || text.contains(TOKEN) || text.contains("s3cr3t"));
        }
        assertThat(Sample.rows(litestow.database())).isEqualTo(3);
        try (Stream<Path> files = Files.walk(litestow.work())) {
            assertThat(files.filter(Files::isRegularFile))
                    .noneMatch(file -> contents(file).contains("s3cr3t"));
        }
    }

    private static String replicaOf(Ended status) {
        return status.with(0).firstStatus().path("replica").asText();
    }

    private void write(String name, String text) throws IOException {
        Path file = litestow.work().resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private static String contents(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new AssertionError(file.toString(), e);
        }
    }
}
