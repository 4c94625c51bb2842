package io.github.litestow.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.outcome.ReplicaFile;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UploadPolicyTest {
    private static final long SIZE = 1_000;

    @Test
    void the_first_upload_is_never_doubled() {
        assertThat(UploadPolicy.wholeSnapshot(List.of(), false)).isFalse();
    }

    @Test
    void offload_cycles_upload_one_and_a_half_times_the_database_and_restore_reads_twice_at_the_most() {
        List<ReplicaFile> files = new ArrayList<>();
        long uploaded = 0;
        int cycles = 40;
        for (int txid = 1; txid <= cycles; txid++) {
            boolean whole = UploadPolicy.wholeSnapshot(files, false);
            files.add(file(0, txid, txid, SIZE));
            uploaded += SIZE;
            if (whole) {
                files.add(file(9, 1, txid, SIZE));
                uploaded += SIZE;
            }
            assertThat(readByRestore(files)).as("cycle %d", txid).isLessThanOrEqualTo(2 * SIZE);
        }
        assertThat(uploaded).isLessThanOrEqualTo(cycles * SIZE * 3 / 2);
    }

    @Test
    void a_kept_database_uploads_its_changes_until_they_outgrow_the_snapshot() {
        List<ReplicaFile> files = new ArrayList<>(List.of(file(0, 1, 1, SIZE)));
        int changes = 0;
        while (!UploadPolicy.wholeSnapshot(files, true)) {
            changes++;
            files.add(file(0, 1 + changes, 1 + changes, SIZE / 50));
        }
        assertThat(changes).isEqualTo(51);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.0005, 0.01, 0.07, 0.3, 0.7})
    void with_differences_a_restore_reads_twice_the_database_and_a_hundred_files_at_the_most(double changed) {
        Random random = new Random(1);
        long size = 1_000_000;
        List<ReplicaFile> files = new ArrayList<>(List.of(file(0, 1, 1, size)));
        int differences = 0;
        for (int txid = 2; txid <= 1_000; txid++) {
            long next = (long) (2 * changed * size * random.nextDouble());
            if (next <= UploadPolicy.roomForDifference(files)) {
                differences++;
                files.add(file(0, txid, txid, next));
            } else {
                boolean whole = UploadPolicy.wholeSnapshot(files, false);
                files.add(file(0, txid, txid, size));
                if (whole) {
                    files.add(file(9, 1, txid, size));
                }
            }
            assertThat(readByRestore(files)).as("transaction %d", txid).isLessThanOrEqualTo(2 * size);
            assertThat(filesOfARestore(files)).as("transaction %d", txid).isLessThanOrEqualTo(100);
        }
        assertThat(differences).isGreaterThan(300);
    }

    @Test
    void a_restore_never_reads_more_than_a_hundred_files_however_small() {
        List<ReplicaFile> files = new ArrayList<>(List.of(file(0, 1, 1, 1_000_000)));
        for (int txid = 2; txid <= 1_000; txid++) {
            boolean whole = UploadPolicy.wholeSnapshot(files, true);
            files.add(file(0, txid, txid, 1));
            if (whole) {
                files.add(file(9, 1, txid, 1_000_000));
            }
            assertThat(filesOfARestore(files)).as("transaction %d", txid).isLessThanOrEqualTo(100);
        }
    }

    private static long filesOfARestore(List<ReplicaFile> files) {
        String base = files.stream()
                .filter(file -> file.level() == 9)
                .map(ReplicaFile::maxTxid)
                .max(String::compareTo)
                .orElse("0");
        return (base.equals("0") ? 0 : 1)
                + files.stream()
                        .filter(file -> file.level() == 0 && file.minTxid().compareTo(base) > 0)
                        .count();
    }

    private static long readByRestore(List<ReplicaFile> files) {
        String base = files.stream()
                .filter(file -> file.level() == 9)
                .map(ReplicaFile::maxTxid)
                .max(String::compareTo)
                .orElse("0");
        long after = files.stream()
                .filter(file -> file.level() == 0 && file.minTxid().compareTo(base) > 0)
                .mapToLong(ReplicaFile::bytes)
                .sum();
        return after
                + files.stream()
                        .filter(file -> file.level() == 9 && file.maxTxid().equals(base))
                        .mapToLong(ReplicaFile::bytes)
                        .sum();
    }

    private static ReplicaFile file(int level, long min, long max, long bytes) {
        return new ReplicaFile(level, String.format("%016x", min), String.format("%016x", max), bytes, Instant.EPOCH);
    }
}
