package io.github.litestow.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.control.Cancellation;
import io.github.litestow.host.Host;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What proofs of real runs leave at the replica. */
class RunsLeaveEvidenceTest {
    @TempDir
    Path folder;

    private Host host;

    @BeforeEach
    void aDatabase() {
        host = new Host(folder.resolve("host"), folder.resolve("replica"));
        host.file().withRows("WAL", 100);
    }

    @AfterEach
    void end() {
        host.stop();
    }

    private EvidenceChain.Reading evidence() throws Failure {
        Instant now = Clock.systemUTC().instant();
        return host.database().evidence().read(now.minus(Duration.ofDays(2)), now.plus(Duration.ofDays(2)));
    }

    private static String sha256(Path file) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    }

    @Test
    void each_kind_of_proof_leaves_a_record_of_what_anybody_can_restore() throws Exception {
        host.verify();
        host.file().addRow();
        String offloaded = host.offload().point().txid();
        RestoredByTheEngine last = new RestoredByTheEngine(offloaded);
        host.verify();

        EvidenceChain.Reading reading = evidence();
        assertThat(reading.problems()).isEmpty();
        assertThat(reading.records()).extracting(EvidenceRecord::how).containsExactly("live", "sealed", "restored");
        EvidenceRecord record = reading.records().get(1);
        assertThat(record.txid()).isEqualTo(offloaded);
        assertThat(record.sha256()).isEqualTo(sha256(last.file));
        assertThat(record.bytes()).isEqualTo(Files.size(last.file));
        assertThat(record.pages() * record.pageSize()).isEqualTo(record.bytes());
        assertThat(record.tables()).isEqualTo(Map.of("t", 101L));
        assertThat(record.restoreSeconds()).isPositive();
        assertThat(record.dueSeconds()).contains(Duration.ofDays(7).toSeconds());
        assertThat(record.versions()).containsOnlyKeys("java", "litestow", "litestream", "sqlite");
        assertThat(reading.records().get(0).dueSeconds())
                .contains(Duration.ofDays(1).toSeconds());
        assertThat(host.lastRun().warnings()).isEmpty();
    }

    private final class RestoredByTheEngine {
        private final Path file = folder.resolve("by-the-engine.db");

        RestoredByTheEngine(String txid) throws Failure {
            host.engine().restore(host.settings(), Optional.of(txid), file, Duration.ofMinutes(1), new Cancellation());
        }
    }

    @Test
    void what_was_not_proven_again_leaves_no_record() throws Failure {
        host.keep();
        host.file().addRow();
        host.keep();

        assertThat(evidence().records()).hasSize(1);
    }

    @Test
    void evidence_that_cannot_be_written_is_a_warning_and_fails_nothing() throws IOException, Failure {
        Files.createDirectories(folder.resolve("replica/litestow"));
        Path inTheWay = Files.createFile(folder.resolve("replica/litestow/evidence"));

        Outcome outcome = host.snapshot();

        assertThat(outcome).isInstanceOf(Outcome.Offloaded.class);
        assertThat(host.lastRun().warnings())
                .singleElement()
                .asString()
                .startsWith("proven, but that is not in the evidence at the replica: ");
        Files.delete(inTheWay);
        host.verify();
        assertThat(evidence().records()).hasSize(1);
    }

    @Test
    void pruning_leaves_the_evidence_alone() throws Failure {
        host.offload();
        List<EvidenceRecord> before = evidence().records();
        host.restore();
        host.file().addRow();
        host.later(Duration.ofDays(20));
        host.offload();
        Instant now = Clock.systemUTC().instant();

        assertThat(host.database()
                        .evidence()
                        .read(now.minus(Duration.ofDays(2)), now.plus(Duration.ofDays(60)))
                        .records())
                .hasSize(2)
                .containsAll(before);
    }
}
