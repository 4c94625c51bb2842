package io.github.litestow.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.litestow.application.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the service says of its HTTP interface is what it does, and what the manual says. */
class ApiContractIT {
    private static final Pattern ROW =
            Pattern.compile("\\| `(GET|POST|PUT|DELETE) (/api/\\S+)` \\|.*\\| ([0-9, ]+) \\|");

    private static final PackagedProgram LITESTOW = new PackagedProgram();

    private static Service service;

    @BeforeAll
    static void serve() throws IOException {
        LITESTOW.open();
        Sample.add(LITESTOW.database(), 50);
        service = LITESTOW.env("LITESTOW_API_TOKEN", Api.TOKEN)
                .env("LITESTOW_SNAPSHOT_CRON", "off")
                .serve()
                .awaitReady();
    }

    @AfterAll
    static void endIt() throws IOException {
        LITESTOW.close();
    }

    /** schemathesis sends what the document allows and what it does not; every answer must be in it. */
    @Test
    void no_request_meets_a_server_error_or_an_answer_that_the_document_does_not_have() {
        Ended ended = LITESTOW.runOther(
                Map.of(
                        "PYTHONPATH",
                        PackagedProgram.property("litestow.test.schemathesis"),
                        "PYTHONDONTWRITEBYTECODE",
                        "1"),
                "python3",
                "-m",
                "schemathesis.cli",
                "run",
                service.address() + "/q/openapi?format=json",
                "--url",
                service.address(),
                "--header",
                "Authorization: Bearer " + Api.TOKEN,
                "--checks",
                "all",
                "--phases",
                "examples,coverage,fuzzing",
                "--max-examples",
                "5",
                "--seed",
                "1",
                "--request-timeout",
                "20",
                // Has no end; PageIT listens to it.
                "--exclude-path",
                "/api/events",
                "--continue-on-failure",
                "--no-color");

        System.out.printf("timing: schemathesis took %d ms%n", ended.took().toMillis());
        ended.with(0);
        // All calls but the stream of events, which has no end.
        assertThat(ended.out()).containsPattern("\\d+ selected / \\d+ total").doesNotContain("FAILURES", "ERRORS");
        assertThat(service.process().err()).doesNotContain("\tat ", "defect");
    }

    @Test
    void the_manual_names_every_path_method_and_status_of_the_document() throws IOException {
        JsonNode paths =
                new Api(service).get("/q/openapi?format=json").with(200).json().path("paths");
        Map<String, Set<String>> served = new TreeMap<>();
        paths.properties()
                .forEach(path -> path.getValue().properties().forEach(method -> {
                    Set<String> statuses = new TreeSet<>();
                    method.getValue().path("responses").fieldNames().forEachRemaining(statuses::add);
                    served.put(method.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey(), statuses);
                }));

        Path manual = Path.of(PackagedProgram.property("litestow.test.basedir"), "docs", "reference", "http.md");
        String text = Files.readString(manual);
        Map<String, Set<String>> told = new TreeMap<>();
        Matcher row = ROW.matcher(text);
        while (row.find()) {
            told.put(
                    row.group(1) + " " + row.group(2),
                    new TreeSet<>(Set.of(row.group(3).split(", ", -1))));
        }

        assertThat(told).isEqualTo(served);
        for (String call : served.keySet()) {
            String path = call.substring(call.indexOf(' ') + 1)
                    .replace("{name}", "default")
                    .replace("{point}", "0000000000000002")
                    .replace("{label}", "before-1.9");
            assertThat(text).as("a curl of it").containsPattern("curl .*" + Pattern.quote(path.replace("{id}", "")));
        }
    }
}
