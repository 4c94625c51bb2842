package io.github.litestow.evidence;

import io.github.litestow.outcome.Failure;
import io.github.litestow.store.ReplicaStore;
import io.github.litestow.store.StoredObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Where the lines are: {@code litestow/evidence/YYYY-MM.jsonl}, and when that is full {@code
 * YYYY-MM.2.jsonl} and so on, because an object store cannot append.
 */
final class EvidenceParts {
    /** What is rewritten for each proof is half of it on average. */
    static final int FULL = 128 * 1024;

    /** A database that was silent for longer begins a chain anew, which is told. */
    static final int MONTHS_BACK = 13;

    private final ReplicaStore store;

    EvidenceParts(ReplicaStore store) {
        this.store = store;
    }

    /**
     * One object.
     *
     * @param month of its records
     * @param number from 1
     */
    record Part(YearMonth month, int number) {
        String key() {
            return "litestow/evidence/" + month + (number == 1 ? "" : "." + number) + ".jsonl";
        }

        Part next() {
            return new Part(month, number + 1);
        }
    }

    /** An object with its lines. */
    record Lines(Part part, StoredObject object, List<String> lines) {
        boolean full() {
            return object.body().length >= FULL;
        }

        /** Returns the hash that the next line names. */
        String hash() {
            return lines.isEmpty() ? "" : EvidenceParts.hash(lines.get(lines.size() - 1));
        }
    }

    static YearMonth month(Instant time) {
        return YearMonth.from(time.atOffset(ZoneOffset.UTC));
    }

    static String hash(String line) {
        return HexFormat.of().formatHex(FileSha256.digest().digest(line.getBytes(StandardCharsets.UTF_8)));
    }

    Optional<Lines> read(Part part) throws Failure {
        Optional<StoredObject> object = store.read(part.key());
        return object.map(found -> new Lines(
                part,
                found,
                new String(found.body(), StandardCharsets.UTF_8)
                        .lines()
                        .filter(line -> !line.isBlank())
                        .toList()));
    }

    /** Returns every object of a month, in order; of one that is missing between others nobody would know. */
    List<Lines> of(YearMonth month) throws Failure {
        List<Lines> all = new ArrayList<>();
        Part part = new Part(month, 1);
        Optional<Lines> lines = read(part);
        if (lines.isEmpty()) {
            // Somebody may have deleted the first one only.
            part = part.next();
            lines = read(part);
        }
        while (lines.isPresent()) {
            all.add(lines.get());
            part = part.next();
            lines = read(part);
        }
        return all;
    }

    /** Returns the newest object of a month, with few questions; empty when the month has no first one. */
    Optional<Lines> newestOf(YearMonth month) throws Failure {
        Optional<Lines> newest = Optional.empty();
        Optional<Lines> next = read(new Part(month, 1));
        while (next.isPresent()) {
            newest = next;
            // One that is not full is the last.
            next = newest.get().full() ? read(newest.get().part().next()) : Optional.empty();
        }
        return newest;
    }

    /** Returns the newest object before a month. */
    Optional<Lines> newestBefore(YearMonth month) throws Failure {
        for (int back = 1; back <= MONTHS_BACK; back++) {
            Optional<Lines> newest = newestOf(month.minusMonths(back));
            if (newest.isPresent()) {
                return newest;
            }
        }
        return Optional.empty();
    }
}
