package io.github.litestow.settings;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.ConfigMappings;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LitestowConfigTest {

    @Test
    void theMappingAndTheTableOfSettingsHaveTheSameNames() {
        Set<String> table = Arrays.stream(Setting.values())
                .flatMap(setting -> setting.perDatabase()
                        ? Stream.of(setting.key(), setting.keyFor("*"))
                        : Stream.of(setting.key()))
                .collect(Collectors.toSet());

        assertThat(ConfigMappings.getProperties(ConfigMappings.ConfigClass.configClass(LitestowConfig.class))
                        .keySet())
                .containsExactlyInAnyOrderElementsOf(table);
    }

    @Test
    void noTwoSettingsShareAnEnvironmentName() {
        assertThat(Arrays.stream(Setting.values()).map(Setting::environmentName))
                .doesNotHaveDuplicates();
    }
}
