package io.github.litestow.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingResolverTest {
    @TempDir
    Path folder;

    private Path dotEnv;

    @BeforeEach
    void writeDotEnv() throws Exception {
        dotEnv = Files.writeString(folder.resolve(".env"), "DB_SQLITE=dotenv.db\n");
    }

    @Test
    void a_pylts_name_in_dot_env_beats_a_key_in_yaml() throws Exception {
        assertThat(fileName(TestConfig.working(folder).dotEnv(dotEnv).yaml("litestow.database", "yaml.db")))
                .isEqualTo("dotenv.db");
    }

    @Test
    void a_pylts_name_in_the_environment_beats_dot_env() throws Exception {
        assertThat(fileName(TestConfig.working(folder).dotEnv(dotEnv).env("DB_SQLITE", "environment.db")))
                .isEqualTo("environment.db");
    }

    @Test
    void a_litestow_name_in_the_environment_beats_a_pylts_name_in_dot_env() throws Exception {
        assertThat(fileName(TestConfig.working(folder).dotEnv(dotEnv).env("LITESTOW_DATABASE", "environment.db")))
                .isEqualTo("environment.db");
    }

    @Test
    void in_one_source_the_litestow_name_wins() throws Exception {
        assertThat(fileName(TestConfig.working(folder)
                        .env("LITESTOW_DATABASE", "litestow.db")
                        .env("DB_SQLITE", "pylts.db")))
                .isEqualTo("litestow.db");
    }

    @Test
    void a_pylts_name_may_stand_in_yaml_too() throws Exception {
        assertThat(fileName(TestConfig.working(folder).yaml("DB_SQLITE", "yaml.db")))
                .isEqualTo("yaml.db");
    }

    @Test
    void an_entry_in_yaml_beats_a_top_level_name_in_the_environment() throws Exception {
        assertThat(fileName(TestConfig.working(folder)
                        .env("DB_SQLITE", "environment.db")
                        .yaml("litestow.databases.default.path", "entry.db")))
                .isEqualTo("entry.db");
    }

    @Test
    void a_blank_name_hides_neither_pylts_name_nor_the_default() throws Exception {
        TestConfig config = TestConfig.working(folder)
                .env("LITESTOW_DATABASE", " ")
                .env("LITESTOW_DATABASES_DEFAULT_SNAPSHOT_TIMEOUT", "");
        assertThat(config.env("DB_SQLITE", "pylts.db").database().fileName()).isEqualTo("pylts.db");
        assertThat(TestConfig.working(folder).env("DB_SQLITE", " ").database().fileName())
                .isEqualTo("db.sqlite");
    }

    private static String fileName(TestConfig config) throws Exception {
        return config.database().fileName();
    }
}
