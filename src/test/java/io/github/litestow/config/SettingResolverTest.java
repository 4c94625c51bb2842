package io.github.litestow.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.ConfigSourceInterceptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ServiceLoader;
import org.eclipse.microprofile.config.spi.ConfigSourceProvider;
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
    void aPyltsNameInDotEnvBeatsAKeyInYaml() throws Exception {
        assertThat(fileName(TestConfig.working(folder).dotEnv(dotEnv).yaml("litestow.database", "yaml.db")))
                .isEqualTo("dotenv.db");
    }

    @Test
    void aPyltsNameInTheEnvironmentBeatsDotEnv() throws Exception {
        assertThat(fileName(TestConfig.working(folder).dotEnv(dotEnv).env("DB_SQLITE", "environment.db")))
                .isEqualTo("environment.db");
    }

    @Test
    void aLitestowNameInTheEnvironmentBeatsAPyltsNameInDotEnv() throws Exception {
        assertThat(fileName(TestConfig.working(folder).dotEnv(dotEnv).env("LITESTOW_DATABASE", "environment.db")))
                .isEqualTo("environment.db");
    }

    @Test
    void inOneSourceTheLitestowNameWins() throws Exception {
        assertThat(fileName(TestConfig.working(folder)
                        .env("LITESTOW_DATABASE", "litestow.db")
                        .env("DB_SQLITE", "pylts.db")))
                .isEqualTo("litestow.db");
    }

    @Test
    void aPyltsNameMayStandInYamlToo() throws Exception {
        assertThat(fileName(TestConfig.working(folder).yaml("DB_SQLITE", "yaml.db")))
                .isEqualTo("yaml.db");
    }

    @Test
    void bothReadersAreRegisteredForQuarkusToFind() {
        assertThat(ServiceLoader.load(ConfigSourceInterceptor.class)).hasAtLeastOneElementOfType(SettingResolver.class);
        assertThat(ServiceLoader.load(ConfigSourceProvider.class)).hasAtLeastOneElementOfType(DotEnvFile.class);
    }

    private static String fileName(TestConfig config) throws Exception {
        return config.database().fileName();
    }
}
