package io.github.litestow.settings;

import static io.github.litestow.ReferenceTable.literal;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.ReferenceTable;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SettingsReferenceTest {
    @Test
    void theTablesNameEverySettingItsDefaultAndWhatIsAccepted() {
        List<List<String>> tables = ReferenceTable.read("settings.md", 4);

        assertThat(tables).hasSize(2);
        assertThat(tables.get(0)).containsExactlyElementsOf(rows(true));
        assertThat(tables.get(1)).containsExactlyElementsOf(rows(false));
    }

    private static List<String> rows(boolean perDatabase) {
        return Arrays.stream(Setting.values())
                .filter(setting -> setting.perDatabase() == perDatabase)
                .map(setting -> ReferenceTable.row(List.of(
                        literal(setting.environmentName()),
                        literal(setting.key()),
                        setting.whenUnset().equals(setting.defaultText())
                                ? literal(setting.defaultText())
                                : setting.whenUnset(),
                        setting.accepted())))
                .toList();
    }
}
