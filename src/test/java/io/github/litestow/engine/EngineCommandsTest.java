package io.github.litestow.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EngineCommandsTest {
    private static final Path DATABASE = Path.of("/data/db.sqlite");

    @Test
    void a_sync_names_nothing_but_its_configuration() {
        assertThat(EngineCommands.replicateOnce())
                .containsExactly("replicate", "-once", "-config", "/dev/stdin", "-no-expand-env");
    }

    @Test
    void a_restore_is_checked_in_full_and_goes_to_the_output() {
        assertThat(EngineCommands.restore(DATABASE, Optional.of("000000000000001f"), Path.of("/scratch/new.db")))
                .containsExactly(
                        "restore",
                        "-config",
                        "/dev/stdin",
                        "-no-expand-env",
                        "-o",
                        "/scratch/new.db",
                        "-txid",
                        "000000000000001f",
                        "-json",
                        "/data/db.sqlite");
    }

    @Test
    void a_restore_of_the_newest_names_no_transaction() {
        assertThat(EngineCommands.restore(DATABASE, Optional.empty(), Path.of("/scratch/new.db")))
                .doesNotContain("-txid");
    }

    @Test
    void a_listing_asks_for_every_level() {
        assertThat(EngineCommands.listing(DATABASE))
                .containsExactly(
                        "ltx", "-config", "/dev/stdin", "-no-expand-env", "-json", "-level", "all", "/data/db.sqlite");
    }

    @Test
    void nothing_ever_overwrites_or_enforces_the_engines_own_retention() {
        assertThat(EngineCommands.replicateOnce()).doesNotContain("-enforce-retention", "-force-snapshot");
        assertThat(EngineCommands.restore(DATABASE, Optional.empty(), Path.of("/o")))
                .doesNotContain("-force", "-if-replica-exists");
    }
}
