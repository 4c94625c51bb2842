package io.github.litestow.shard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.litestow.config.Shard;
import io.github.litestow.outcome.Failure;
import io.github.litestow.store.Replica;
import io.github.litestow.store.file.FileStore;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was moved, as all services see it. */
class ShardMapTest {
    private static final Shard SHARDS = new Shard(0, 8);

    @TempDir
    Path folder;

    private ShardMap one;
    private ShardMap other;

    @BeforeEach
    void twoServicesAtOnePlace() {
        one = new ShardMap(new Replica("file://" + folder, new FileStore(folder), new ObjectMapper()));
        other = new ShardMap(new Replica("file://" + folder, new FileStore(folder), new ObjectMapper()));
    }

    @Test
    void while_nothing_was_moved_the_hash_decides() throws Failure {
        assertThat(one.read().shardOf("acme", SHARDS)).isEqualTo(SHARDS.of("acme"));
    }

    @Test
    void what_was_moved_is_there_for_everybody_until_it_is_taken_back() throws Failure {
        int elsewhere = (SHARDS.of("acme") + 1) % SHARDS.count();
        one.change(before -> before.pinned("acme", elsewhere));
        assertThat(other.read().shardOf("acme", SHARDS)).isEqualTo(elsewhere);
        other.change(before -> before.unpinned("acme"));
        assertThat(one.read().shardOf("acme", SHARDS)).isEqualTo(SHARDS.of("acme"));
    }

    @Test
    void a_move_to_a_shard_that_is_no_more_is_none() throws Failure {
        one.change(before -> before.pinned("acme", 7));
        assertThat(one.read().shardOf("acme", new Shard(0, 4))).isEqualTo(new Shard(0, 4).of("acme"));
    }

    @Test
    void what_was_left_is_expected_until_it_is_had() throws Failure {
        one.change(before -> before.left(Map.of("acme", 3, "blue", 4), List.of()));
        assertThat(other.read().left()).isEqualTo(Map.of("acme", 3, "blue", 4));
        other.change(before -> before.left(Map.of(), List.of("acme")));
        assertThat(one.read().left()).isEqualTo(Map.of("blue", 4));
    }

    @Test
    void who_changes_nothing_writes_nothing() throws Failure {
        one.change(before -> before.unpinned("acme"));
        assertThat(folder.resolve("litestow/shards.json")).doesNotExist();
    }
}
