package io.github.litestow.packaged;

import static io.github.litestow.packaged.Api.DATABASE;
import static io.github.litestow.packaged.Api.DATABASES;
import static io.github.litestow.packaged.Api.TOKEN;
import static io.github.litestow.packaged.Api.WITH_TOKEN;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.litestow.application.Sample;
import io.github.litestow.packaged.EngineScript.Does;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class HttpIT {
    private static final int ROWS = 50;

    @RegisterExtension
    final PackagedProgram litestow = new PackagedProgram();

    @Test
    void an_action_answers_with_the_url_of_its_run_which_tells_the_step_and_then_the_end() throws IOException {
        Sample.add(litestow.database(), ROWS);
        EngineScript engine = EngineScript.in(litestow).on("replicate", Does.HOLD_BEFORE);
        Api api = api();

        Api.Answer begun = api.begin("snapshots").with(202);
        String url = begun.header("Location").orElseThrow();
        engine.awaitHeld("replicate");

        JsonNode working = api.get(url).with(200).json();
        assertThat(working.path("state").asText()).isEqualTo("working");
        assertThat(working.path("step").asText()).isEqualTo("replicate");
        assertThat(working.path("trigger").asText()).isEqualTo("http");
        assertThat(api.get(DATABASE + "/runs").with(200).json().path("runs")).contains(working);
        assertThat(api.get(DATABASE).with(200).json().path("working")).isEqualTo(working);
        for (String action : new String[] {"snapshots", "verifications", "restores"}) {
            JsonNode busy = api.begin(action).with(409).json();
            assertThat(busy.path("kind").asText()).isEqualTo("busy");
            assertThat(busy.path("detail").asText()).contains("snapshot by http at replicate");
        }
        engine.release("replicate");

        JsonNode ended = api.ended(begun);
        assertThat(ended.path("outcome").asText()).isEqualTo("offloaded");
        assertThat(ended.path("id")).isEqualTo(working.path("id"));
        JsonNode verified = api.ended(api.begin("verifications").with(202));
        assertThat(verified.path("outcome").asText()).isEqualTo("verified");
        JsonNode database =
                api.get(DATABASES).with(200).json().path("databases").path(0);
        assertThat(database.path("offloaded").asBoolean()).isTrue();
        assertThat(database.path("lastProven").path("txid"))
                .isEqualTo(ended.path("restorePoint").path("txid"));
        assertThat(api.get(DATABASE + "/runs").json().toString() + database)
                .as("what anybody may read")
                .doesNotContain(litestow.root().toString(), litestow.replicaUrl(), TOKEN);
    }

    @Test
    void a_restore_writes_a_new_file_and_leaves_the_database_alone() throws IOException {
        Sample.add(litestow.database(), ROWS);
        litestow.run("snapshot", "--keep").with(0);
        Sample.add(litestow.database(), 1);
        Api api = api();
        api.ended(api.begin("snapshots").with(202));
        Sample.add(litestow.database(), 7);
        JsonNode points = api.get(DATABASE + "/restore-points").with(200).json().path("restorePoints");
        assertThat(points).hasSize(2);
        String first = points.path(0).path("txid").asText();
        String at = points.path(0).path("time").asText();

        assertThat(restored(api, "")).isEqualTo(ROWS + 1);
        assertThat(restored(api, "{\"txid\": \"" + first.toUpperCase(Locale.ROOT) + "\"}"))
                .isEqualTo(ROWS);
        assertThat(restored(api, "{\"at\": \"" + at + "\"}")).isEqualTo(ROWS);

        assertThat(Sample.rows(litestow.database())).isEqualTo(7);
        JsonNode unknown = api.ended(api.post(DATABASE + "/restores", WITH_TOKEN, "{\"txid\": \"ffffffffffffffff\"}")
                .with(202));
        assertThat(unknown.path("outcome").asText()).isEqualTo("nothing_to_restore");
        for (String body : new String[] {
            "{",
            "[]",
            "null",
            "{\"tixd\": \"" + first + "\"}",
            "{\"txid\": \"../x\"}",
            "{\"at\": \"yesterday\"}",
            "{\"txid\": \"" + first + "\", \"at\": \"" + at + "\"}",
            "{} {}"
        }) {
            api.post(DATABASE + "/restores", WITH_TOKEN, body).with(400);
        }
        try (var copies = Files.list(litestow.data().resolve("restores"))) {
            assertThat(copies).hasSize(3);
        }
    }

    private int restored(Api api, String body) {
        JsonNode run =
                api.ended(api.post(DATABASE + "/restores", WITH_TOKEN, body).with(202));
        assertThat(run.path("outcome").asText()).as(run.toString()).isEqualTo("restored");
        Path copy = litestow.data().resolve(run.path("file").asText());
        assertThat(copy).hasParent(litestow.data().resolve("restores"));
        return Sample.rows(copy);
    }

    @Test
    void nothing_begins_without_the_token_which_may_be_in_a_file_and_everybody_may_read() throws IOException {
        Sample.add(litestow.database(), ROWS);
        Path token = Files.writeString(litestow.root().resolve("token"), TOKEN + "\n");
        litestow.env("LITESTOW_API_TOKEN_FILE", token.toString()).env("LITESTOW_SNAPSHOT_CRON", "off");
        Api api = new Api(litestow.serve().awaitReady());

        for (String action : new String[] {"snapshots", "verifications", "restores"}) {
            Api.Answer none = api.post(DATABASE + "/" + action, Map.of(), "").with(401);
            assertThat(none.header("WWW-Authenticate"))
                    .hasValueSatisfying(how -> assertThat(how).startsWith("Bearer"));
            for (String wrong : new String[] {"Bearer " + TOKEN + "x", "Bearer ", "Basic " + TOKEN, TOKEN}) {
                api.post(DATABASE + "/" + action, Map.of("Authorization", wrong), "")
                        .with(401);
            }
        }
        api.get(DATABASES).with(200);
        api.get(DATABASES + "/other").with(404);
        api.get(DATABASE + "/runs/1").with(404);
        api.post(DATABASES + "/other/snapshots", WITH_TOKEN, "").with(404);
        assertThat(api.get(DATABASE + "/runs").json().path("runs"))
                .as("only that of the start")
                .hasSize(1);
        assertThat(Sample.rows(litestow.database())).isEqualTo(ROWS);
    }

    @Test
    void without_a_token_in_the_settings_actions_are_off_and_the_answer_names_the_setting() {
        litestow.env("LITESTOW_SNAPSHOT_CRON", "off");
        Api api = new Api(litestow.serve().awaitReady());

        for (Map<String, String> headers : List.of(WITH_TOKEN, Map.<String, String>of())) {
            JsonNode off =
                    api.post(DATABASE + "/snapshots", headers, "").with(403).json();
            assertThat(off.path("detail").asText()).contains("LITESTOW_API_TOKEN", "LITESTOW_API_TOKEN_FILE");
        }
    }

    @Test
    void a_database_that_was_not_restored_yet_is_not_snapshotted_and_a_replica_in_trouble_is_named_without_its_path()
            throws IOException {
        Sample.add(litestow.database(), ROWS);
        litestow.run("snapshot").with(0);
        EngineScript engine = EngineScript.in(litestow).on("restore", Does.FAIL);
        litestow.env("LITESTOW_API_TOKEN", TOKEN).env("LITESTOW_SNAPSHOT_CRON", "off");
        Service service = litestow.serve().awaitOpen().awaitRuns("restore", "failed", 1);
        Api api = new Api(service);

        assertThat(api.begin("snapshots").with(409).json().path("detail").asText())
                .contains("not been restored yet");
        assertThat(api.get(DATABASE).json().path("lastFailure").path("kind").asText())
                .isEqualTo("disk");
        engine.release("restore");
        service.awaitReady();
        // At once: the service goes on writing its lease there.
        Files.move(litestow.replica(), litestow.root().resolve("moved-replica"));
        Files.writeString(litestow.replica(), "no folder");
        String trouble = api.get(DATABASE + "/restore-points").with(502).json().toString();

        assertThat(trouble)
                .contains("The log says why")
                .doesNotContain(litestow.root().toString());
        assertThat(service.process().err())
                .contains("cannot be listed", litestow.replica().toString());
    }

    private Api api() {
        litestow.env("LITESTOW_API_TOKEN", TOKEN).env("LITESTOW_SNAPSHOT_CRON", "off");
        return new Api(litestow.serve().awaitReady());
    }
}
