package io.github.litestow.journal;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.RunRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jboss.logging.Logger;

/**
 * The ended runs of one database, one line each, in {@code runs.jsonl}, and before that in {@code
 * runs.jsonl.1}. It is for people to look at: nothing is decided by it, so a line that a crash cut short
 * is passed over, wherever the cut is. Not safe for concurrent use; {@link Journal} is.
 */
final class EndedRuns {
    /** How many of the last runs are told of. */
    static final int MAX_RUNS = 200;

    private static final Logger LOG = Logger.getLogger(EndedRuns.class);
    private static final long MAX_BYTES = 1 << 20;
    private static final byte NEWLINE = '\n';

    private final Path file;
    private final Path earlier;
    private final ObjectMapper json;

    EndedRuns(Path folder, ObjectMapper json) {
        this.file = folder.resolve("runs.jsonl");
        this.earlier = folder.resolve("runs.jsonl.1");
        this.json = json;
    }

    /** Returns the last runs, oldest first, at most {@link #MAX_RUNS}; none while there is no file. */
    List<RunRecord> read() throws Failure {
        Deque<RunRecord> runs = new ArrayDeque<>();
        addBefore(runs, file);
        addBefore(runs, earlier);
        return List.copyOf(runs);
    }

    private void addBefore(Deque<RunRecord> runs, Path log) throws Failure {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(log);
        } catch (NoSuchFileException e) {
            return;
        } catch (IOException e) {
            throw Journal.broken(log, e);
        }
        // As bytes: a write that is cut short may end within a character.
        int end = bytes.length;
        while (end > 0 && runs.size() < MAX_RUNS) {
            int start = end;
            while (start > 0 && bytes[start - 1] != NEWLINE) {
                start--;
            }
            parse(Arrays.copyOfRange(bytes, start, end), log).ifPresent(runs::addFirst);
            end = start - 1;
        }
    }

    private Optional<RunRecord> parse(byte[] line, Path log) {
        if (line.length == 0) {
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(json.readValue(line, RunRecord.class));
        } catch (IOException e) {
            // Cut short by a crash while it was written; what that run did is in state.json.
            LOG.debugf("passed over a broken line in %s: %s", log, e.getMessage());
            return Optional.empty();
        }
    }

    /** Adds a run as a line of its own, on disk when this returns. */
    void append(RunRecord run) throws Failure {
        try {
            if (Files.exists(file) && Files.size(file) > MAX_BYTES) {
                Files.move(file, earlier, StandardCopyOption.REPLACE_EXISTING);
            }
            try (FileChannel out = FileChannel.open(
                    file,
                    Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
                    Journal.PRIVATE)) {
                long end = out.size();
                String text = (endsWithNewline(out, end) ? "" : "\n") + json.writeValueAsString(run) + "\n";
                ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    end += out.write(bytes, end);
                }
                out.force(true);
            }
        } catch (IOException e) {
            throw Journal.broken(file, e);
        }
    }

    /** Returns whether the last line is whole, so that this one begins a line of its own. */
    private static boolean endsWithNewline(FileChannel log, long end) throws IOException {
        ByteBuffer last = ByteBuffer.allocate(1);
        return end == 0 || (log.read(last, end - 1) == 1 && last.get(0) == NEWLINE);
    }
}
