package io.github.litestow.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.control.Cancellation;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.sqlite.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an engine that misbehaves cannot make us believe. */
@Timeout(60)
class LitestreamBinaryTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String TXID = "0000000000000003";

    @TempDir
    Path folder;

    ConfiguredDatabase settings;
    Path output;

    @BeforeEach
    void a_database() throws Exception {
        settings = Given.fileReplica(folder, folder.resolve("replica"));
        output = folder.resolve("restored.db");
        Files.writeString(settings.database(), "whatever");
    }

    @Test
    void exit_code_0_without_the_engines_word_is_no_backup() {
        assertThat(replicate("exit 0").kind()).isEqualTo(FailureKind.PROOF_FAILED);
        assertThat(replicate("echo 'msg=\"replication complete, litestream shutting down\"'")
                        .kind())
                .isEqualTo(FailureKind.PROOF_FAILED);
    }

    @Test
    void the_engines_word_with_another_exit_code_is_no_backup() {
        Failure failure = replicate("echo 'msg=\"one-shot replication complete\"'; echo 'Error: odd' >&2; exit 1");
        assertThat(failure.kind()).isEqualTo(FailureKind.INTERNAL);
        assertThat(failure).hasMessageContaining("odd");
    }

    @Test
    void the_replica_and_its_keys_stand_in_no_argument() throws Exception {
        settings = Given.s3Replica(folder, "http://127.0.0.1:1");
        litestream("echo \"$@\" > '" + folder + "/arguments'; cat > '" + folder + "/input'; " + touched())
                .replicateOnce(settings, PATIENCE, new Cancellation());
        assertThat(folder.resolve("arguments")).hasContent("replicate -once -config /dev/stdin -no-expand-env");
        assertThat(Files.readString(folder.resolve("input")))
                .contains("\"bucket\":\"bucket\"")
                .doesNotContain(Given.KEY_ID);
    }

    /** What a sync leaves, in short. */
    private String touched() {
        return "touch '" + settings.database() + "'; echo 'one-shot replication complete'";
    }

    @Test
    void a_hanging_engine_is_a_timeout_and_the_restores_remains_are_removed() {
        String body = "echo part > '" + output + ".tmp'; echo part > '" + output + "'; echo x > '" + output
                + "-wal'; trap '' TERM; while :; do sleep 1; done";
        Failure failure = failure(() -> litestream(body)
                .restore(settings, Optional.empty(), output, Duration.ofSeconds(1), new Cancellation()));
        assertThat(failure.kind()).isEqualTo(FailureKind.TIMEOUT);
        assertThat(folder).isDirectoryNotContaining("glob:**restored.db*");
    }

    @Test
    void a_restore_without_a_file_is_none() {
        Failure failure = restore(Optional.of(TXID), answer(TXID));
        assertThat(failure.kind()).isEqualTo(FailureKind.PROOF_FAILED);
        assertThat(failure).hasMessageContaining("left no file");
    }

    @Test
    void a_restore_of_an_empty_file_is_none() {
        Failure failure = restore(Optional.of(TXID), ": > '" + output + "'; " + answer(TXID));
        assertThat(failure).hasMessageContaining("left an empty file");
        assertThat(output).doesNotExist();
    }

    @Test
    void a_restore_of_another_transaction_is_none() {
        Failure failure = restore(Optional.of(TXID), "echo x > '" + output + "'; " + answer("0000000000000002"));
        assertThat(failure.kind()).isEqualTo(FailureKind.PROOF_FAILED);
        assertThat(failure).hasMessageContaining("instead of " + TXID);
        assertThat(output).doesNotExist();
    }

    @Test
    void a_restore_that_is_no_database_is_none() {
        Failure failure = restore(Optional.of(TXID), "echo x > '" + output + "'; " + answer(TXID));
        assertThat(failure.kind()).isEqualTo(FailureKind.PROOF_FAILED);
        assertThat(failure).hasMessageContaining("no SQLite database");
        assertThat(output).doesNotExist();
    }

    @Test
    void half_a_restore_is_none() throws Exception {
        Path whole = folder.resolve("whole.db");
        TestDatabase.at(whole).withRows("DELETE", 500);
        long half = Files.size(whole) / 2;
        Failure failure =
                restore(Optional.of(TXID), "head -c " + half + " '" + whole + "' > '" + output + "'; " + answer(TXID));
        assertThat(failure.kind()).isEqualTo(FailureKind.PROOF_FAILED);
        assertThat(failure).hasMessageContaining("left " + half + " of ");
        assertThat(output).doesNotExist();
    }

    @Test
    void garbage_is_no_answer() {
        Failure restored = restore(Optional.empty(), "echo x > '" + output + "'; echo '<html>garbage'");
        assertThat(restored.kind()).isEqualTo(FailureKind.PROOF_FAILED);
        assertThat(restored).hasMessageContaining("<html>garbage");
        Failure listed =
                failure(() -> litestream("head -c 3000 /dev/urandom").listing(settings, PATIENCE, new Cancellation()));
        assertThat(listed.kind()).isEqualTo(FailureKind.INTERNAL);
    }

    @Test
    void an_existing_output_is_refused_and_kept() throws Exception {
        Files.writeString(output, "");
        Failure failure = restore(Optional.empty(), "echo x > '" + output + "'; " + answer(TXID));
        assertThat(failure.kind()).isEqualTo(FailureKind.REFUSED);
        assertThat(output).isEmptyFile();
    }

    @Test
    void a_cancelled_call_starts_nothing() {
        Cancellation cancellation = new Cancellation();
        cancellation.cancel();
        Failure failure = failure(
                () -> litestream("touch '" + folder + "/started'").replicateOnce(settings, PATIENCE, cancellation));
        assertThat(failure).hasMessageContaining("was stopped");
        assertThat(folder.resolve("started")).doesNotExist();
    }

    @Test
    void a_listing_may_be_longer_than_what_is_kept_of_a_log() throws Failure {
        String entry =
                "{\"level\":0,\"min_txid\":\"%016x\",\"max_txid\":\"%016x\",\"size\":1,\"timestamp\":\"2026-11-21T09:28:45Z\"}";
        String body = "echo '['; i=1; while [ $i -lt 3000 ]; do printf '" + entry
                + ",' $i $i; i=$((i+1)); done; printf '" + entry + "]' $i $i";
        assertThat(litestream(body).listing(settings, PATIENCE, new Cancellation()))
                .hasSize(3000);
    }

    private static String answer(String txid) {
        return "echo '{\"db_path\":\"x\",\"txid\":\"" + txid + "\"}'";
    }

    private Litestream litestream(String body) {
        return Given.litestream(Given.fakeEngine(folder, body));
    }

    private Failure replicate(String body) {
        return failure(() -> litestream(body).replicateOnce(settings, PATIENCE, new Cancellation()));
    }

    private Failure restore(Optional<String> txid, String body) {
        return failure(() -> litestream(body).restore(settings, txid, output, PATIENCE, new Cancellation()));
    }

    private static Failure failure(ThrowingCallable call) {
        Failure failure = catchThrowableOfType(Failure.class, call);
        assertThat(failure).isNotNull();
        return failure;
    }
}
