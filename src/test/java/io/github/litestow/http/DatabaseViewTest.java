package io.github.litestow.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Operation;
import io.github.litestow.report.BackupState;
import io.github.litestow.report.BackupStatus;
import io.github.litestow.report.DatabaseStatus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DatabaseViewTest {
    private static final ObjectMapper JSON =
            JsonMapper.builder().findAndAddModules().build();

    @Test
    void shows_what_anybody_may_know_and_no_path_url_or_cause() {
        BackupStatus backup = new BackupStatus(
                "orders",
                true,
                false,
                BackupState.FRESH,
                true,
                Optional.empty(),
                Optional.of(1L),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(true),
                Optional.empty());
        DatabaseStatus status = new DatabaseStatus(
                backup,
                "/data/secret-path",
                "s3://bucket/secret-path",
                Optional.of(new DatabaseStatus.LastFailure(
                        Operation.SNAPSHOT, Instant.EPOCH, FailureKind.DISK, "probe", "secret-path", "secret-path")),
                List.of("secret-path"),
                Optional.empty());

        JsonNode view = JSON.valueToTree(DatabaseView.of(null, status, true));

        assertThat(view.fieldNames())
                .toIterable()
                .containsExactly(
                        "database",
                        "local",
                        "offloaded",
                        "state",
                        "fresh",
                        "ageSeconds",
                        "conditionalWrites",
                        "ready",
                        "lastFailure");
        assertThat(view.path("lastFailure").fieldNames())
                .toIterable()
                .containsExactly("operation", "time", "kind", "step");
        assertThat(view.toString()).doesNotContain("secret-path");
    }
}
