package io.github.litestow.packaged;

import static io.github.litestow.packaged.PackagedProgram.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a first visitor runs, in a folder that knows nothing of the clone. */
class DemonstrationIT {
    @RegisterExtension
    final PackagedProgram litestow = new PackagedProgram();

    @Test
    void the_demonstration_brings_its_own_settings_and_touches_no_database_of_the_environment() throws Exception {
        Path temporary = Files.createDirectory(litestow.root().resolve("temporary"));
        Files.createDirectories(litestow.data());
        Files.writeString(litestow.database(), "somebody's");
        litestow.env("JAVA_TOOL_OPTIONS", "-Djava.io.tmpdir=" + temporary)
                .env("QUARKUS_HTTP_PORT", String.valueOf(PackagedProgram.freePort()))
                .env("LITESTOW_DATABASES_OTHER_REPLICA_URL", "file:///no/such/replica");
        Running demo = litestow.start("demo");

        patiently().until(() -> demo.err().contains("offloaded") || !demo.alive());
        patiently().until(() -> demo.err().contains("restore by demonstration: restored") || !demo.alive());
        Ended ended = demo.terminate();

        assertThat(ended.out() + ended.err())
                .contains("writer: ", "all there")
                .doesNotContain("Exception", "ERROR", "NOTADB");
        assertThat(temporary.resolve("litestow-demo/replica/ltx")).isDirectory();
        assertThat(litestow.database()).hasContent("somebody's");
        assertThat(litestow.replica()).doesNotExist();
    }
}
