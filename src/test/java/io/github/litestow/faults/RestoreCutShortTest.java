package io.github.litestow.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.litestow.application.Application;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Outcome;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** A restore that is cut off just before or just after the database stands in its place. */
class RestoreCutShortTest {

    @Test
    void what_was_placed_and_written_since_is_taken_although_the_restore_could_not_record_it() throws Exception {
        try (World world = new World()) {
            Application application = world.application();
            application.make(world.db(), "wal", 1, 20);
            assertThat(world.snapshot()).isInstanceOf(Outcome.Offloaded.class);
            cutAt(world, "record");
            assertThat(application.once(world.db(), 100)).isTrue();
            assertThat(world.restore()).isInstanceOf(Outcome.AlreadyPresent.class);
            assertThat(world.snapshot()).isInstanceOf(Outcome.Offloaded.class);
            assertThat(world.restoredRows()).hasSize(21).contains(100);
        }
    }

    @Test
    void what_an_application_made_instead_is_not_taken_for_the_restored_database() throws Exception {
        try (World world = new World()) {
            Application application = world.application();
            application.make(world.db(), "wal", 1, 20);
            assertThat(world.snapshot()).isInstanceOf(Outcome.Offloaded.class);
            cutAt(world, "place");
            assertThat(world.db()).doesNotExist();
            assertThat(application.onceMaking(world.db(), 100)).isTrue();
            Outcome outcome = world.snapshot();
            assertThat(outcome)
                    .isInstanceOfSatisfying(
                            Outcome.Failed.class,
                            failed -> assertThat(failed.kind()).isEqualTo(FailureKind.REFUSED));
            assertThat(world.restoredRows()).hasSize(20);
            assertThat(Files.exists(world.db())).isTrue();
        }
    }

    private static void cutAt(World world, String step) throws Exception {
        Steps.of(world.name, now -> {
            if (now.equals(step)) {
                throw new InternalError("cut short at " + step);
            }
        });
        assertThatThrownBy(world::restore).hasMessageContaining("cut short");
        Steps.forget(world.name);
        world.restart();
    }
}
