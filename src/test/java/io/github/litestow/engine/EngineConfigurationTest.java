package io.github.litestow.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.config.ObjectLock;
import io.github.litestow.config.S3Settings;
import io.github.litestow.config.S3Storing;
import io.github.litestow.config.TestConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EngineConfigurationTest {
    private static final Path FOLDER = Path.of("/data");

    @Test
    void names_the_database_and_the_state_folder_that_we_delete() throws IOException {
        JsonNode database = read(configuration(Given.fileReplica(FOLDER, Path.of("/backup"))))
                .at("/dbs/0");
        assertThat(database.path("path").asText()).isEqualTo("/data/db.sqlite");
        assertThat(database.path("meta-path").asText()).isEqualTo("/data/.db.sqlite-litestream");
    }

    @Test
    void a_file_replica_is_a_path_whatever_characters_it_has() throws IOException {
        Path odd = Path.of("/back up/a?b#c%20\"é$HOME");
        JsonNode replica = read(configuration(Given.fileReplica(FOLDER, odd))).at("/dbs/0/replica");
        assertThat(replica.path("type").asText()).isEqualTo("file");
        assertThat(replica.path("path").asText()).isEqualTo(odd.toString());
        assertThat(replica.has("url")).isFalse();
    }

    @Test
    void an_s3_replica_says_where_it_is_and_holds_no_secret() throws IOException {
        ConfiguredDatabase settings = Given.s3Replica(FOLDER, "http://127.0.0.1:9000");
        String text = configuration(settings);
        JsonNode replica = read(text).at("/dbs/0/replica");
        assertThat(replica.path("type").asText()).isEqualTo("s3");
        assertThat(replica.path("bucket").asText()).isEqualTo("bucket");
        assertThat(replica.path("path").asText()).isEqualTo("some/path");
        // In a URL the engine would decode the path.
        assertThat(replica.has("url")).isFalse();
        assertThat(replica.path("endpoint").asText()).isEqualTo("http://127.0.0.1:9000");
        assertThat(replica.path("region").asText()).isEqualTo("eu-central-1");
        assertThat(replica.path("force-path-style").asBoolean()).isTrue();
        assertThat(text).doesNotContain(Given.KEY_ID).doesNotContain("cret");
    }

    @Test
    void the_engine_is_told_of_the_key_and_the_storage_class() throws IOException {
        ConfiguredDatabase plain = Given.s3Replica(FOLDER, "http://127.0.0.1:9000");
        S3Settings s3 = plain.s3();
        ConfiguredDatabase settings = TestConfig.with(
                plain,
                plain.replica(),
                new S3Settings(
                        s3.accessKeyId(),
                        s3.secretAccessKey(),
                        s3.sessionToken(),
                        s3.endpoint(),
                        s3.region(),
                        s3.forcePathStyle(),
                        new S3Storing(Optional.of("alias/backup"), Optional.of("STANDARD_IA"), ObjectLock.OFF)));
        JsonNode replica = read(configuration(settings)).at("/dbs/0/replica");
        assertThat(replica.path("sse-kms-key-id").asText()).isEqualTo("alias/backup");
        assertThat(replica.path("storage-class").asText()).isEqualTo("STANDARD_IA");
        assertThat(read(configuration(plain)).at("/dbs/0/replica").has("storage-class"))
                .isFalse();
    }

    @Test
    void standard_output_is_for_the_answer_alone() throws IOException {
        ConfiguredDatabase settings = Given.fileReplica(FOLDER, Path.of("/backup"));
        assertThat(read(EngineConfiguration.forAnswer(Given.TARGETS.of(settings), settings))
                        .at("/logging/stderr")
                        .asBoolean())
                .isTrue();
        assertThat(read(configuration(settings)).at("/logging/stderr").asBoolean())
                .isFalse();
    }

    private static String configuration(ConfiguredDatabase settings) {
        return EngineConfiguration.forSync(Given.TARGETS.of(settings), settings);
    }

    private static JsonNode read(String configuration) throws IOException {
        return new ObjectMapper().readTree(configuration);
    }
}
