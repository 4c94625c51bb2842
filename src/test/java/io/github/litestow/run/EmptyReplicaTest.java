package io.github.litestow.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.litestow.config.ReplicaUrl;
import io.github.litestow.host.Host;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.points.PointReference;
import io.github.litestow.run.mark.OfferedPoints;
import java.nio.file.Path;
import java.time.Instant;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A replica URL with a typing error, as one who asks for a restore point meets it. */
class EmptyReplicaTest {
    @TempDir
    Path temp;

    private Host host;

    @BeforeEach
    void database() {
        host = new Host(temp.resolve("host"), temp.resolve("replca"));
    }

    @Test
    void whoever_asks_for_a_point_is_told_where_nothing_is_and_nothing_is_made_there() throws Exception {
        for (ThrowingCallable asked : all()) {
            assertThatThrownBy(asked).isInstanceOfSatisfying(Failure.class, refused -> {
                assertThat(refused.kind()).isEqualTo(FailureKind.REFUSED);
                assertThat(refused)
                        .hasMessage("nothing of a backup is at file://" + temp.resolve("replca")
                                + ", there is no such folder");
                assertThat(refused.hint()).contains("Check REPLICA_URL");
            });
        }
        assertThat(temp.resolve("replca")).doesNotExist();
        assertThat(EmptyReplica.words(host.database())).contains("replca", "Check REPLICA_URL");
    }

    @Test
    void where_a_record_here_knows_of_points_the_empty_place_is_not_believed() throws Exception {
        host.file().withRows("WAL", 3);
        host.offload();
        assertThat(EmptyReplica.is(host.database())).isFalse();
        host.with(
                new ReplicaUrl("file://" + temp.resolve("elsewhere"), "file"),
                host.settings().s3());
        for (ThrowingCallable asked : all()) {
            assertThatThrownBy(asked)
                    .isInstanceOfSatisfying(
                            Failure.class, missing -> assertThat(missing.kind()).isEqualTo(FailureKind.REPLICA_MISSING))
                    .hasMessageContaining("is known to have held 0000000000000001");
        }
    }

    private ThrowingCallable[] all() {
        return new ThrowingCallable[] {
            () -> OfferedPoints.labelled(host.database(), "golden"),
            () -> OfferedPoints.meant(host.database(), PointReference.of("1"), Instant.now()),
            () -> host.marks().pin(host.database(), PointReference.of("1"), true),
        };
    }
}
