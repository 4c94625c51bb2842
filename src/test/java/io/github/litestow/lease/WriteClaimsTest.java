package io.github.litestow.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.lease.WriteClaims.TookOver;
import io.github.litestow.lease.WriteClaims.Upload;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Who vouches for which transaction, after whatever series of holders. */
class WriteClaimsTest {

    private static String txid(int number) {
        return String.format("%016x", number);
    }

    private static WriteClaims uploadingAfter(int head) {
        return WriteClaims.NONE.uploading(Optional.of(Upload.from(Optional.of(txid(head)), Optional.empty())));
    }

    @Test
    void without_a_takeover_every_transaction_is_believed() {
        assertThat(WriteClaims.NONE.vouchFor(txid(7))).isTrue();
    }

    @Test
    void what_names_no_transaction_is_no_claim() {
        assertThat(new Upload(txid(1), txid(5)).whole()).isTrue();
        assertThat(new Upload(txid(1), "000000000p000005").whole()).isFalse();
        assertThat(new TookOver("a", "service a", "1", txid(5)).whole()).isFalse();
    }

    @Test
    void what_was_there_when_the_silent_one_was_relieved_is_believed_and_what_came_later_is_not() {
        WriteClaims claims = uploadingAfter(1).silenced("a", "service a", Optional.of(txid(2)));

        assertThat(claims.vouchFor(txid(2))).isTrue();
        assertThat(claims.vouchFor(txid(3))).isFalse();
        assertThat(claims.vouchFor(txid(9))).isFalse();
    }

    @Test
    void what_the_heir_uploads_is_believed_once_it_is_past_what_may_be_written_over() {
        WriteClaims claims = uploadingAfter(1)
                .silenced("a", "service a", Optional.of(txid(1)))
                .uploading(Optional.of(Upload.from(Optional.of(txid(1)), Optional.empty())));

        assertThat(claims.vouchFor(txid(5))).isFalse();
        assertThat(claims.vouchFor(txid(6))).isTrue();
    }

    @Test
    void a_second_takeover_forgets_nothing_of_the_first() {
        WriteClaims first = uploadingAfter(20).silenced("a", "service a", Optional.of(txid(20)));
        WriteClaims second = first.uploading(Optional.of(Upload.from(Optional.of(txid(1)), Optional.empty())))
                .silenced("b", "service b", Optional.of(txid(20)));

        assertThat(second.tookOver()).contains(new TookOver("b", "service b", txid(20), txid(24)));
    }

    @Test
    void a_late_head_is_contested_by_the_next_takeover_too() {
        WriteClaims claims = uploadingAfter(1)
                .silenced("a", "service a", Optional.of(txid(1)))
                .silenced("b", "service b", Optional.of(txid(30)));

        assertThat(claims.tookOver().map(TookOver::after)).contains(txid(1));
        assertThat(claims.vouchFor(txid(30))).isFalse();
    }

    @Test
    void what_a_holder_that_ended_vouched_for_stays_believed() {
        WriteClaims claims = uploadingAfter(1)
                .silenced("a", "service a", Optional.of(txid(1)))
                .uploading(Optional.of(Upload.from(Optional.of(txid(5)), Optional.empty())));

        assertThat(claims.ended(txid(6)).vouchFor(txid(6))).isTrue();
        assertThat(claims.ended(txid(6)).vouchFor(txid(7))).isFalse();
    }

    @Test
    void transactions_that_the_engine_stored_and_never_uploaded_are_counted() {
        assertThat(Upload.from(Optional.of(txid(1)), Optional.of(txid(3)))).isEqualTo(new Upload(txid(1), txid(7)));
    }
}
