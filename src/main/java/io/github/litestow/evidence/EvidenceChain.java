package io.github.litestow.evidence;

import io.github.litestow.evidence.EvidenceParts.Lines;
import io.github.litestow.evidence.EvidenceParts.Part;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.store.JsonObjects;
import io.github.litestow.store.ReplicaStore;
import io.github.litestow.store.StoredObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The records of one replica. Each names the SHA-256 of the line before, over parts and months, so that
 * none can be changed, left out or put in between unseen. Safe for concurrent use; writers of several
 * processes are kept apart by the lease, and by conditions on each write.
 */
public final class EvidenceChain {
    private static final int MAX_ATTEMPTS = 5;

    private final String url;
    private final ReplicaStore store;
    private final JsonObjects objects;
    private final EvidenceParts parts;
    /** Where the last line is, as far as this process knows. */
    private Optional<Part> tail = Optional.empty();

    /** The chain at a replica. */
    public EvidenceChain(String url, ReplicaStore store, JsonObjects objects) {
        this.url = url;
        this.store = store;
        this.objects = objects;
        this.parts = new EvidenceParts(store);
    }

    /** Returns whether records can be kept here. */
    public boolean keeps() {
        return store.keepsObjects();
    }

    /**
     * Adds a record at the end.
     *
     * @param record what follows; its {@code previous} is set here
     * @throws Failure {@code BUSY} when others keep adding, or what the store says
     */
    public synchronized void append(EvidenceRecord record) throws Failure {
        for (int attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
            Optional<Lines> last = last(EvidenceParts.month(record.time()));
            if (last.isPresent() && holds(last.get(), record)) {
                // The answer to an attempt that wrote it was lost.
                return;
            }
            if (written(last, record)) {
                return;
            }
            tail = Optional.empty();
        }
        throw new Failure(
                FailureKind.BUSY,
                "the evidence at " + url + " keeps being changed by another service",
                "Only one service may write to a replica; stop the other one.");
    }

    private boolean written(Optional<Lines> last, EvidenceRecord record) throws Failure {
        String line = line(record.after(last.map(Lines::hash).orElse("")));
        YearMonth month = EvidenceParts.month(record.time());
        boolean begins = last.isEmpty() || last.get().part().month().isBefore(month);
        Part part = begins ? new Part(month, 1) : following(last.get());
        boolean sameObject = last.isPresent() && part.equals(last.get().part());
        boolean done = sameObject
                ? store.replace(
                        part.key(),
                        added(last.get().object(), line),
                        last.get().object().version())
                : store.create(part.key(), (line + "\n").getBytes(StandardCharsets.UTF_8));
        if (done) {
            tail = Optional.of(part);
        }
        return done;
    }

    private static Part following(Lines last) {
        return last.full() ? last.part().next() : last.part();
    }

    private static byte[] added(StoredObject object, String line) {
        String text = new String(object.body(), StandardCharsets.UTF_8);
        String whole = text.isEmpty() || text.endsWith("\n") ? text : text + "\n";
        return (whole + line + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private String line(EvidenceRecord record) {
        return new String(objects.bytes(record), StandardCharsets.UTF_8);
    }

    private boolean holds(Lines lines, EvidenceRecord record) {
        return lines.lines().stream()
                .flatMap(line -> parse(lines.part(), line).stream())
                .anyMatch(known -> known.run().equals(record.run())
                        && known.txid().equals(record.txid())
                        && known.time().equals(record.time()));
    }

    /** Returns the object with the last line; a service whose clock is ahead may have begun the next month. */
    private Optional<Lines> last(YearMonth month) throws Failure {
        if (tail.isPresent()) {
            Optional<Lines> known = parts.read(tail.get());
            if (known.isPresent()) {
                return known;
            }
        }
        for (YearMonth each : List.of(month.plusMonths(1), month)) {
            Optional<Lines> newest = parts.newestOf(each);
            if (newest.isPresent()) {
                return newest;
            }
        }
        return parts.newestBefore(month);
    }

    /**
     * What was read.
     *
     * @param records since the wanted time, oldest first
     * @param problems where the chain does not hold, for a person; empty when it does
     */
    public record Reading(List<EvidenceRecord> records, List<String> problems) {}

    /**
     * Reads the records, and holds each against the line before.
     *
     * @param since from when on; the chain is followed from the beginning of that month
     * @param now until when
     */
    public synchronized Reading read(Instant since, Instant now) throws Failure {
        List<EvidenceRecord> records = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        YearMonth first = EvidenceParts.month(since);
        Optional<Lines> before = parts.newestBefore(first);
        String hash = before.map(Lines::hash).orElse("");
        // A clock that was ahead may have begun the next month.
        YearMonth last = EvidenceParts.month(now).plusMonths(1);
        for (YearMonth month = first; !month.isAfter(last); month = month.plusMonths(1)) {
            for (Lines lines : parts.of(month)) {
                for (int i = 0; i < lines.lines().size(); i++) {
                    String line = lines.lines().get(i);
                    String where = lines.part().key() + ", line " + (i + 1);
                    Optional<EvidenceRecord> record = parse(lines.part(), line);
                    if (record.isEmpty()) {
                        problems.add(where + ": it is no record that Litestow wrote");
                    } else {
                        problem(record.get(), hash).ifPresent(what -> problems.add(where + ": " + what));
                        records.add(record.get());
                    }
                    hash = EvidenceParts.hash(line);
                }
            }
        }
        return new Reading(
                records.stream()
                        .filter(record -> !record.time().isBefore(since))
                        .toList(),
                List.copyOf(problems));
    }

    private static Optional<String> problem(EvidenceRecord record, String hash) {
        if (record.previous().equals(hash)) {
            return Optional.empty();
        }
        return Optional.of(
                hash.isEmpty()
                        ? "what was recorded before it is missing"
                        : record.previous().isEmpty()
                                ? "a chain begins anew in the middle of another"
                                : "the record before it was changed, or one between them is missing");
    }

    private Optional<EvidenceRecord> parse(Part part, String line) {
        try {
            return Optional.of(objects.parse(
                    part.key(), new StoredObject(line.getBytes(StandardCharsets.UTF_8), ""), EvidenceRecord.class));
        } catch (Failure spoiled) {
            return Optional.empty();
        }
    }
}
