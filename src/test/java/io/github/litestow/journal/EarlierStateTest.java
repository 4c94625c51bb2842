package io.github.litestow.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.litestow.outcome.Assurance;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.Operation;
import io.github.litestow.outcome.RestorePoint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A {@code state.json} that an earlier version wrote is read, and written in the present form. */
class EarlierStateTest {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .findAndAddModules()
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .build();
    private static final RestorePoint POINT =
            new RestorePoint("0000000000000007", Instant.parse("2026-11-21T12:00:00Z"), Assurance.PROVEN);
    private static final LocalDatabase.Descends DESCENDS = new LocalDatabase.Descends(new Lineage(
            Optional.of("b7c0"),
            Optional.of("0000000000000007"),
            8192,
            Optional.of("12,8192,2026-11-21T11:59:00Z,53|")));

    private static final String LINEAGE = """
            {"replicaId": "b7c0", "head": "0000000000000007", "bytes": 8192,
             "fingerprint": "12,8192,2026-11-21T11:59:00Z,53|"}""";
    private static final String PLACING = """
            {"file": "dev=1,ino=2",
             "lineage": {"replicaId": "", "head": "0000000000000007", "bytes": 4096, "fingerprint": ""},
             "head": {"txid": "0000000000000007", "time": "2026-11-21T12:00:00Z", "assurance": "proven"}}""";

    @TempDir
    Path folder;

    private static String document(String lineage, String offloading, String placing, boolean offloaded) {
        return """
                {
                  "replicaId" : "b7c0",
                  "lineage" : %s,
                  "offloading" : %s,
                  "placing" : %s,
                  "offloaded" : %s,
                  "attributes" : "1000:1000:rw-r-----",
                  "newest" : {"txid" : "0000000000000007", "time" : "2026-11-21T12:00:00Z", "assurance" : "proven"},
                  "newestProven" : {"txid" : "0000000000000007", "time" : "2026-11-21T12:00:00Z", "assurance" : "proven"},
                  "provenAt" : "2026-11-21T12:00:00Z",
                  "decidesRaces" : true,
                  "unrecorded" : [ ],
                  "lastSuccess" : {
                    "snapshot" : {
                      "id" : "20261121T120000.000-1", "database" : "default", "operation" : "snapshot",
                      "trigger" : "cron", "started" : "2026-11-21T12:00:00Z", "finished" : "2026-11-21T12:00:01Z",
                      "result" : {
                        "outcome" : "offloaded",
                        "point" : {"txid" : "0000000000000007", "time" : "2026-11-21T12:00:00Z", "assurance" : "offloaded"}
                      },
                      "warnings" : [ ], "figures" : {"sealSeconds" : 0.25}
                    }
                  },
                  "lastFailure" : { },
                  "figures" : {"databaseBytes" : 8192}
                }
                """.formatted(lineage, offloading, placing, offloaded);
    }

    static Stream<Arguments> cases() {
        LocalDatabase.Unknown unknown = new LocalDatabase.Unknown();
        LocalDatabase.Descends placed = new LocalDatabase.Descends(
                new Lineage(Optional.empty(), Optional.of("0000000000000007"), 4096, Optional.empty()));
        LocalDatabase.Descends oldFormat =
                new LocalDatabase.Descends(new Lineage(Optional.empty(), Optional.empty(), 4096, Optional.empty()));
        return Stream.of(
                arguments(document("null", "null", "null", false), unknown),
                arguments(document(LINEAGE, "null", "null", false), DESCENDS),
                arguments(
                        document(
                                "{\"replicaId\": \"\", \"head\": \"\", \"bytes\": 4096, \"fingerprint\": \"\"}",
                                "null",
                                "null",
                                false),
                        oldFormat),
                arguments(document("null", "null", "null", true), new LocalDatabase.Offloaded()),
                arguments(
                        document(LINEAGE, "\"0000000000000007\"", "null", false),
                        new LocalDatabase.Deleting("0000000000000007", Optional.empty(), DESCENDS)),
                arguments(
                        document("null", "null", PLACING, false),
                        new LocalDatabase.Restoring("dev=1,ino=2", placed, POINT, unknown)),
                arguments(
                        document("null", "null", PLACING, true),
                        new LocalDatabase.Restoring("dev=1,ino=2", placed, POINT, new LocalDatabase.Offloaded())),
                arguments(
                        document(LINEAGE, "null", PLACING, false),
                        new LocalDatabase.Restoring("dev=1,ino=2", placed, POINT, DESCENDS)));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void each_case_is_read_and_written_in_the_present_form(String document, LocalDatabase local) throws Exception {
        Path file = folder.resolve("state.json");
        Files.writeString(file, document);

        Journal journal = Journal.open(folder, JSON);
        DatabaseState read = journal.state();
        journal.change(change -> {});

        assertThat(read.local()).isEqualTo(local);
        assertThat(read.replicaId()).contains("b7c0");
        assertThat(read.newest()).contains(POINT);
        assertThat(read.conditionalWrites()).contains(true);
        assertThat(read.statistics().databaseBytes()).contains(8192L);
        assertThat(read.lastSuccess().get(Operation.SNAPSHOT).statistics().sealSeconds())
                .contains(0.25);
        assertThat(Journal.open(folder, JSON).state()).isEqualTo(read);
        JsonNode written = JSON.readTree(file.toFile());
        assertThat(written.has("local")).isTrue();
        assertThat(EarlierStateDocument.FIELDS).noneMatch(written::has);
        assertThat(written.at("/figures/databaseBytes").asLong()).isEqualTo(8192);
        assertThat(written.at("/lastSuccess/snapshot/figures/sealSeconds").asDouble())
                .isEqualTo(0.25);
    }

    @Test
    void the_present_form_names_the_case() throws Failure, Exception {
        Journal journal = Journal.open(folder, JSON);
        journal.change(change -> change.descends(DESCENDS.lineage()).deleting("0000000000000007", Optional.empty()));

        JsonNode local = JSON.readTree(folder.resolve("state.json").toFile()).get("local");

        assertThat(local.get("state").asText()).isEqualTo("deleting");
        assertThat(local.at("/before/state").asText()).isEqualTo("descends");
        assertThat(local.at("/before/lineage/head").asText()).isEqualTo("0000000000000007");
        assertThat(Journal.open(folder, JSON).state()).isEqualTo(journal.state());
    }

    @Test
    void an_identity_that_an_earlier_version_wrote_as_an_empty_text_is_none() throws Exception {
        Files.writeString(
                folder.resolve("state.json"),
                document("null", "null", "null", false).replace("\"replicaId\" : \"b7c0\"", "\"replicaId\" : \"\""));

        assertThat(Journal.open(folder, JSON).state().replicaId()).isEmpty();
    }
}
