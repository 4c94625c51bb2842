package io.github.litestow.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.litestow.application.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The command {@code prune}, and what a scheme lacks that Litestow passes through. */
class PruneIT {
    @RegisterExtension
    final PackagedProgram litestow = new PackagedProgram();

    private Set<String> replica() throws IOException {
        try (Stream<Path> files = Files.walk(litestow.replica().resolve("ltx"))) {
            return files.filter(Files::isRegularFile)
                    .map(file -> litestow.replica().relativize(file).toString())
                    .collect(Collectors.toSet());
        }
    }

    @Test
    void says_what_would_go_and_what_stays_and_why_before_it_deletes() throws IOException {
        Replicas.upload(litestow, 20);
        Replicas.upload(litestow, 20);
        litestow.run("restore").with(0);
        Sample.add(litestow.database(), 20);
        litestow.run("snapshot").with(0);
        assertThat(litestow.run("prune").with(0).out()).contains("deleted 0 files", "younger than");
        litestow.env("LITESTOW_RETENTION_KEEP_FOR", "PT0S")
                .env("LITESTOW_RETENTION_KEEP_AT_LEAST", "1")
                .env("LITESTOW_RETENTION_GRACE", "PT0S");
        Set<String> before = replica();

        String words = litestow.run("prune", "--dry-run").with(0).out();
        assertThat(words).contains("default: would delete", "would go", "stays", "the newest proven");
        assertThat(replica()).isEqualTo(before);

        JsonNode pruned =
                litestow.run("prune", "--json").with(0).json().path("databases").path(0);
        assertThat(pruned.path("bytes").asLong()).isPositive();
        assertThat(pruned.path("restorePointsLost")).isNotEmpty();
        assertThat(pruned.path("kept").path(0).path("why").asText()).isNotBlank();
        pruned.path("files")
                .forEach(file -> assertThat(
                                litestow.replica().resolve(file.path("key").asText()))
                        .doesNotExist());
        assertThat(replica()).hasSize(before.size() - pruned.path("files").size());
    }

    @Test
    void does_not_prune_beside_a_service_but_tells_what_it_would() {
        Sample.add(litestow.database(), 20);
        Service service = litestow.serve();
        service.awaitReady();

        assertThat(litestow.run("prune").with(7).err()).contains("default: not pruned", "serve");
        assertThat(litestow.run("prune", "--dry-run").with(0).out()).contains("would delete 0 files");
    }

    @Test
    void a_scheme_that_is_passed_through_says_once_what_it_lacks() {
        litestow.env("REPLICA_URL", "nats://127.0.0.1:1/bucket");

        Ended refused = litestow.run("prune").with(9);

        assertThat(refused.err()).contains("cannot prune");
        assertThat(refused.err().lines().filter(line -> line.contains("passed through to litestream. It has")))
                .singleElement()
                .asString()
                .contains("no lease", "no pruning", "no identity", "no proofs");
    }
}
