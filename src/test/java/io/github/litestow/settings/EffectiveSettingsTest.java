package io.github.litestow.settings;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.settings.EffectiveSettings.Effective;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EffectiveSettingsTest {
    @TempDir
    Path folder;

    @Test
    void everySettingIsListedInOrderWithItsOrigin() {
        Map<String, Effective> effective = EffectiveSettings.of(TestConfig.working(folder)
                .env("LITESTOW_API_TOKEN_FILE", "/run/secrets/token")
                .yaml("litestow.snapshot.timeout", "7m")
                .yaml("litestow.databases.orders.path", "orders.db")
                .build());

        List<String> keys = Arrays.stream(Setting.values()).map(Setting::key).toList();
        assertThat(effective.keySet()).containsSubsequence(keys).hasSize(keys.size() + 1);
        assertThat(effective)
                .containsEntry(
                        "litestow.replica-url", new Effective("s3://bucket/path", "REPLICA_URL in the environment"))
                .containsEntry("litestow.database", new Effective("db.sqlite", "default"))
                .containsEntry("litestow.api.token", new Effective("", "unset"))
                .containsEntry(
                        "litestow.api.token-file",
                        new Effective("/run/secrets/token", "LITESTOW_API_TOKEN_FILE in the environment"))
                .containsEntry(
                        "litestow.snapshot.timeout",
                        new Effective("7m", "litestow.snapshot.timeout in config/application.yaml"))
                .containsEntry(
                        "litestow.databases.orders.path",
                        new Effective("orders.db", "litestow.databases.orders.path in config/application.yaml"));
    }

    @Test
    void secretsAreCovered() {
        Map<String, Effective> effective = EffectiveSettings.of(TestConfig.empty()
                .env("LITESTREAM_ACCESS_KEY_ID", "hush-id")
                .env("LITESTREAM_SECRET_ACCESS_KEY", "hush${x}")
                .env("LITESTOW_API_TOKEN", "hush-token")
                .env("LITESTOW_DATABASES_ORDERS_SECRET_ACCESS_KEY", "hush-orders")
                .env("REPLICA_URL", "s3://hush:hush@bucket/path")
                .env("LITESTOW_S3_ENDPOINT", "http://host?key=hush")
                .build());

        assertThat(effective.toString()).doesNotContain("hush");
        assertThat(effective.get("litestow.secret-access-key").value()).isEqualTo("***");
        assertThat(effective.get("litestow.databases.orders.secret-access-key").value())
                .isEqualTo("***");
        assertThat(effective.get("litestow.replica-url").value()).isEqualTo("s3://***");
    }
}
