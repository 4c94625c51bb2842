package io.github.litestow.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.litestow.outcome.Assurance;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Operation;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.outcome.TimeText;
import io.github.litestow.report.BackupState;
import io.github.litestow.report.BackupStatus;
import io.github.litestow.report.DatabaseStatus;
import io.github.litestow.run.restore.QuarantinedFiles;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StatusReportTest {
    private static final Instant TIME = Instant.parse("2026-11-21T12:00:01Z");
    private static final TimeText TIMES = new TimeText(TIME.plusSeconds(4_111), ZoneId.of("Europe/Berlin"));
    private static final RestorePoint POINT = new RestorePoint("0000000000000002", TIME, Assurance.OFFLOADED);
    private static final ObjectMapper JSON = JsonMapper.builder()
            .findAndAddModules()
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .build();

    private static final StatusCommand.StatusReport REPORT = new StatusCommand.StatusReport(
            new DatabaseStatus(
                    new BackupStatus(
                            "orders",
                            true,
                            false,
                            BackupState.FRESH,
                            true,
                            Optional.of(TIME),
                            Optional.of(1L),
                            Optional.of(900L),
                            Optional.of(POINT),
                            Optional.of(POINT),
                            Optional.of(59L),
                            Optional.of(TIME),
                            Optional.of(false),
                            Optional.of(TIME)),
                    "/data/orders.db",
                    "s3://bucket/orders",
                    Optional.of(new DatabaseStatus.LastFailure(
                            Operation.SNAPSHOT, TIME, FailureKind.DISK, "probe", "no space in /data", "Make room.")),
                    List.of("not pruned"),
                    Optional.empty()),
            List.of(new QuarantinedFiles(Path.of("/data/q"), TIME, 1_234_567)));

    @Test
    void json_has_the_same_keys_in_the_same_order_every_time() throws JsonProcessingException {
        JsonNode document = printed(new ReportCommand.ReportsDocument(List.of(REPORT), 0));

        assertThat(document.fieldNames()).toIterable().containsExactly("databases", "exitCode");
        assertThat(document.path("databases").path(0).fieldNames())
                .toIterable()
                .containsExactly(
                        "database",
                        "local",
                        "offloaded",
                        "state",
                        "fresh",
                        "lastSuccess",
                        "ageSeconds",
                        "maxAgeSeconds",
                        "lastRestorePoint",
                        "lastProven",
                        "provenAgeSeconds",
                        "nextRun",
                        "conditionalWrites",
                        "paused",
                        "path",
                        "replica",
                        "lastFailure",
                        "warnings",
                        "quarantine");
        assertThat(document.path("databases").path(0).path("lastFailure").path("kind"))
                .hasToString("\"disk\"");
    }

    @Test
    void a_database_that_could_not_answer_is_in_the_document_too() throws JsonProcessingException {
        JsonNode document = printed(new ReportCommand.ReportsDocument(
                List.of(new FailedDatabase("orders", FailureKind.THROTTLED, "it is slow", "Wait.")), 5));

        assertThat(document)
                .hasToString("{\"databases\":[{\"database\":\"orders\",\"kind\":\"throttled\","
                        + "\"cause\":\"it is slow\",\"hint\":\"Wait.\"}],\"exitCode\":5}");
    }

    @Test
    void numbers_in_text_do_not_depend_on_the_locale() {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.GERMANY);
        try {
            assertThat(REPORT.lines(TIMES)).last().asString().contains("1,234,567 bytes");
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void a_person_reads_local_time_and_utc_and_how_long_ago_that_is() {
        assertThat(REPORT.lines(TIMES).get(0).lines())
                .anyMatch(line ->
                        line.matches("  last success +2026-11-21 13:00:01 \\+01:00 \\(12:00:01 UTC\\), 1 h 8 min ago"))
                .anyMatch(line -> line.matches("  restore point +0000000000000002, offloaded, 2026-11-21 .* ago"))
                .anyMatch(line -> line.matches("  proof's age +59 s"))
                .noneMatch(line -> line.contains("PT"));
    }

    private static JsonNode printed(JsonDocument document) throws JsonProcessingException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        new Output(JSON, out, out).print(document);
        return JSON.readTree(bytes.toString(StandardCharsets.UTF_8));
    }
}
