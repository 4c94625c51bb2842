package io.github.litestow.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.outcome.ReplicaFile;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReachableTransactionsTest {

    private static ReplicaFile file(int level, long min, long max) {
        return new ReplicaFile(level, txid(min), txid(max), 1, Instant.EPOCH);
    }

    private static String txid(long number) {
        return String.format("%016x", number);
    }

    @Test
    void a_chain_without_a_gap_leads_to_each_of_its_transactions() {
        ReachableTransactions all = new ReachableTransactions(List.of(file(0, 1, 1), file(0, 2, 3), file(0, 4, 4)));
        assertThat(all.contains(txid(1))).isTrue();
        assertThat(all.contains(txid(3))).isTrue();
        assertThat(all.contains(txid(4))).isTrue();
        assertThat(all.contains(txid(2))).isFalse();
    }

    @Test
    void nothing_leads_over_a_gap_but_a_snapshot_behind_it() {
        List<ReplicaFile> gap = List.of(file(0, 1, 1), file(0, 3, 3), file(0, 4, 4));
        assertThat(new ReachableTransactions(gap).contains(txid(4))).isFalse();
        ReachableTransactions behind =
                new ReachableTransactions(List.of(file(0, 1, 1), file(0, 3, 3), file(0, 4, 4), file(9, 1, 3)));
        assertThat(behind.contains(txid(4))).isTrue();
        assertThat(behind.contains(txid(3))).isTrue();
    }

    @Test
    void without_its_beginning_nothing_is_reached() {
        assertThat(new ReachableTransactions(List.of(file(0, 2, 2), file(0, 3, 3))).contains(txid(3)))
                .isFalse();
    }
}
