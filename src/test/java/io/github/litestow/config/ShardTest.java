package io.github.litestow.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which shard a database belongs to, and what a shard may be. */
class ShardTest {
    private static final List<String> NAMES =
            IntStream.range(0, 2_000).mapToObj(number -> "tenant-" + number).toList();

    private static Shard of(String text, String host) {
        return new ShardRules.Rule().convert(text, host);
    }

    @Test
    void names_are_spread_over_all_shards() {
        Shard eight = new Shard(0, 8);
        for (int shard = 0; shard < 8; shard++) {
            int index = shard;
            assertThat(NAMES.stream().filter(name -> eight.of(name) == index).count())
                    .as("of 2,000 in shard %d", shard)
                    .isBetween(190L, 310L);
        }
    }

    @Test
    void one_shard_more_takes_its_share_from_the_others_and_moves_nothing_between_them() {
        Shard eight = new Shard(0, 8);
        Shard nine = new Shard(0, 9);
        List<String> moved =
                NAMES.stream().filter(name -> eight.of(name) != nine.of(name)).toList();
        assertThat(moved.size()).isBetween(150, 300);
        assertThat(moved).allMatch(name -> nine.of(name) == 8);
    }

    @Test
    void the_shard_of_a_name_never_changes_with_a_version() {
        assertThat(NAMES.stream().limit(8).map(new Shard(0, 8)::of)).containsExactly(3, 2, 6, 7, 3, 4, 5, 3);
    }

    @Test
    void a_pod_of_a_stateful_set_knows_its_number() {
        assertThat(of("auto/8", "application-3")).isEqualTo(new Shard(3, 8));
        assertThat(of("auto/8", "my-app-0")).isEqualTo(new Shard(0, 8));
        assertThat(of("3/8", "anything")).isEqualTo(new Shard(3, 8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"8/8", "3", "3/0", "-1/8", "auto", "a/8", "3/8/1", "3 / 8"})
    void what_is_no_shard_is_refused_with_what_is_accepted(String text) {
        assertThatThrownBy(() -> of(text, "application-3")).hasMessageContaining("accepted: a number and how many");
    }

    @Test
    void a_host_without_a_number_and_a_pod_beyond_the_last_shard_are_refused_by_name() {
        assertThatThrownBy(() -> of("auto/8", "web")).hasMessageContaining("\"web\"");
        assertThatThrownBy(() -> of("auto/8", "web-8")).hasMessageContaining("shard 8 of 8");
    }
}
