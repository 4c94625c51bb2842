package io.github.litestow.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.config.EffectiveSettings.Effective;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EffectiveSettingsTest {
    @TempDir
    Path folder;

    @Test
    void every_setting_is_listed_once_in_order_with_its_origin() throws Exception {
        EffectiveSettings settings = new EffectiveSettings(TestConfig.working(folder)
                .env("LITESTOW_API_TOKEN_FILE", "/run/secrets/token")
                .yaml("litestow.snapshot.timeout", "7m")
                .yaml("litestow.databases.orders.path", "orders.db")
                .yaml("litestow.databases.orders.replica-url", "s3://bucket/orders")
                .build());

        assertThat(settings.databases()).containsExactly("default", "orders");
        assertThat(settings.ofService().keySet()).containsExactlyElementsOf(keys(SettingNames.Mapped.SERVICE));
        assertThat(settings.of("default").keySet()).containsExactlyElementsOf(keys(SettingNames.Mapped.DATABASE));
        assertThat(settings.ofService())
                .containsEntry("litestow.api.token", new Effective("", "default: unset: actions over HTTP are off"))
                .containsEntry(
                        "litestow.api.token-file",
                        new Effective("/run/secrets/token", "LITESTOW_API_TOKEN_FILE in the environment"))
                .containsEntry("litestow.shutdown.grace", new Effective("PT25S", "default"));
        assertThat(settings.of("default"))
                .containsEntry(
                        "litestow.replica-url", new Effective("s3://bucket/path", "REPLICA_URL in the environment"))
                .containsEntry("litestow.database", new Effective("db.sqlite", "default"));
        assertThat(settings.of("orders"))
                .containsEntry(
                        "litestow.snapshot.timeout",
                        new Effective("7m", "litestow.snapshot.timeout in config/application.yaml"))
                .containsEntry(
                        "litestow.database",
                        new Effective("orders.db", "litestow.databases.orders.path in config/application.yaml"))
                .containsEntry(
                        "litestow.health.max-age",
                        new Effective("", "default: three times the longest gap between fire times"));
    }

    @Test
    void secrets_are_covered_and_keys_are_never_put_together_from_two_levels() {
        EffectiveSettings settings = new EffectiveSettings(TestConfig.empty()
                .env("LITESTREAM_ACCESS_KEY_ID", "hush-id")
                .env("LITESTREAM_SECRET_ACCESS_KEY", "hush${x}")
                .env("LITESTOW_SESSION_TOKEN", "hush-session")
                .env("LITESTOW_API_TOKEN", "hush-token")
                .env("LITESTOW_DATABASES_ORDERS_ACCESS_KEY_ID_FILE", "/run/orders-id")
                .env("LITESTOW_DATABASES_ORDERS_SECRET_ACCESS_KEY", "hush-orders")
                .env("REPLICA_URL", "s3://hush:hush@bucket/path")
                .env("LITESTOW_S3_ENDPOINT", "http://host?key=hush")
                .build());
        Map<String, Effective> top = settings.of("default");
        Map<String, Effective> orders = settings.of("orders");

        assertThat(top.toString() + orders + settings.ofService()).doesNotContain("hush");
        assertThat(top.get("litestow.session-token").value()).isEqualTo("***");
        assertThat(top.get("litestow.replica-url").value()).isEqualTo("s3://***");
        assertThat(orders.get("litestow.secret-access-key").value()).isEqualTo("***");
        assertThat(orders.get("litestow.access-key-id-file").value()).isEqualTo("/run/orders-id");
        assertThat(orders.get("litestow.access-key-id").value()).isEmpty();
        assertThat(orders.get("litestow.session-token").value()).isEmpty();
    }

    private static List<String> keys(Map<String, String> names) {
        return names.keySet().stream().map(SettingNames::topLevel).sorted().toList();
    }
}
