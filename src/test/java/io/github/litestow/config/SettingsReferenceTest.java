package io.github.litestow.config;

import static io.github.litestow.ReferenceTable.literal;
import static io.github.litestow.ReferenceTable.row;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.LitestowConfig;
import io.github.litestow.ReferenceTable;
import io.smallrye.config.ConfigMappingInterface.Property;
import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
import java.util.List;
import org.eclipse.microprofile.config.spi.Converter;
import org.junit.jupiter.api.Test;

class SettingsReferenceTest {
    @Test
    void the_tables_name_every_setting_its_default_and_what_is_accepted() {
        List<List<String>> tables = ReferenceTable.read("settings.md", 4);

        assertThat(tables).hasSize(2);
        assertThat(tables.get(0)).containsExactlyInAnyOrderElementsOf(rows(LitestowConfig.Database.class));
        assertThat(tables.get(1)).containsExactlyInAnyOrderElementsOf(rows(LitestowConfig.class));
    }

    @Test
    void no_two_settings_share_an_environment_name() {
        assertThat(SettingNames.Mapped.DATABASE.keySet().stream().map(SettingNames::topLevel))
                .doesNotContainAnyElementsOf(SettingNames.Mapped.SERVICE.keySet().stream()
                        .map(SettingNames::topLevel)
                        .toList());
    }

    private static List<String> rows(Class<?> mapping) {
        return ConfigMappings.getProperties(new ConfigClass(mapping, "")).entrySet().stream()
                .map(setting -> setting(setting.getKey(), setting.getValue()))
                .toList();
    }

    private static String setting(String name, Property property) {
        String key = SettingNames.topLevel(name);
        String whenUnset = EffectiveSettings.whenUnset(key);
        boolean plain = property.hasDefaultValue();
        return row(List.of(
                literal(SettingNames.environmentName(key)),
                literal(key),
                plain ? literal(whenUnset) : whenUnset,
                rule(property).accepted()));
    }

    private static Rules.Rule<?> rule(Property property) {
        Property leaf = property.isOptional() ? property.asOptional().getNestedProperty() : property;
        Class<? extends Converter<?>> rule = leaf.isPrimitive()
                ? leaf.asPrimitive().getConvertWith()
                : leaf.asLeaf().getConvertWith();
        try {
            return (Rules.Rule<?>) rule.getConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(rule.toString(), e);
        }
    }
}
