package io.github.litestow.sqlite;

import io.github.litestow.control.WorkLimit;
import io.github.litestow.outcome.Failure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Which rows of two states can differ at all, by the pages of the files. A leaf page that is byte for byte the
 * same in both, at the same number, with all that its rows continue in, and a leaf of the same table in both
 * states, holds the same rows; so only the rows between the first and the last of every other leaf are to be
 * compared. In doubt, everything is. Confined to one thread.
 */
final class Narrowing {
    /** Everything is to be compared. */
    static final Narrowing NONE = new Narrowing(Optional.empty(), null, null, 0, new BitSet());

    private static final int CHUNK = 1 << 20;
    private static final int HEADER = 100;
    /** More ranges than this cost more than they spare. */
    private static final int MOST_RANGES = 2_000;

    /** What must be the same for two pages of the same bytes to mean the same: page size, reserve, format, encoding. */
    private static final int[][] MEANING = {{16, 18}, {20, 21}, {44, 48}, {56, 60}};

    private final Optional<Connection> connection;
    private final Path first;
    private final Path second;
    private final int pageSize;
    private final BitSet changed;

    private Narrowing(Optional<Connection> connection, Path first, Path second, int pageSize, BitSet changed) {
        this.connection = connection;
        this.first = first;
        this.second = second;
        this.pageSize = pageSize;
        this.changed = changed;
    }

    /** The rows with these rowids. */
    record Range(long first, long last) {}

    /**
     * What can differ in a table.
     *
     * @param before how many rows it had
     * @param after how many it has
     * @param ranges where they can differ, ascending
     */
    record Rows(long before, long after, List<Range> ranges) {
        /** Returns whether nothing differs. */
        boolean same() {
            return ranges.isEmpty();
        }
    }

    /**
     * Compares the pages of two files.
     *
     * @param connection to both, as {@code main} and {@code other}
     */
    static Narrowing of(Connection connection, Path first, Path second, WorkLimit limit) throws Failure {
        if (hasLog(first) || hasLog(second)) {
            return NONE;
        }
        try (FileChannel one = FileChannel.open(first, StandardOpenOption.READ);
                FileChannel other = FileChannel.open(second, StandardOpenOption.READ)) {
            Optional<Integer> size = samePageSize(one, other);
            return size.isEmpty()
                    ? NONE
                    : new Narrowing(
                            Optional.of(connection), first, second, size.get(), changed(one, other, size.get(), limit));
        } catch (IOException e) {
            throw Failure.disk("cannot compare " + first + " and " + second, e);
        }
    }

    private static boolean hasLog(Path file) {
        return file.resolveSibling(file.getFileName() + "-wal").toFile().length() > 0;
    }

    private static Optional<Integer> samePageSize(FileChannel one, FileChannel other) throws IOException {
        byte[] here = read(one, 0, HEADER);
        byte[] there = read(other, 0, HEADER);
        boolean same = here.length == HEADER
                && there.length == HEADER
                && Arrays.stream(MEANING)
                        .allMatch(part -> Arrays.equals(here, part[0], part[1], there, part[0], part[1]));
        int pageSize = same ? PageComparison.pageSize(ByteBuffer.wrap(here)) : 0;
        return pageSize < 512 ? Optional.empty() : Optional.of(pageSize);
    }

    private static BitSet changed(FileChannel one, FileChannel other, int pageSize, WorkLimit limit)
            throws IOException, Failure {
        BitSet changed = new BitSet();
        long end = Math.max(one.size(), other.size());
        for (long at = 0; at < end; at += CHUNK) {
            limit.check();
            byte[] here = read(one, at, CHUNK);
            byte[] there = read(other, at, CHUNK);
            if (Arrays.equals(here, there)) {
                continue;
            }
            for (int page = 0; page * pageSize < Math.max(here.length, there.length); page++) {
                int from = page * pageSize;
                int to = from + pageSize;
                boolean same =
                        to <= here.length && to <= there.length && Arrays.equals(here, from, to, there, from, to);
                if (!same) {
                    changed.set((int) (at / pageSize) + page + 1);
                }
            }
        }
        return changed;
    }

    private static byte[] read(FileChannel channel, long at, int most) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate((int) Math.max(0, Math.min(most, channel.size() - at)));
        while (bytes.hasRemaining() && channel.read(bytes, at + bytes.position()) >= 0) {
            // Until it is full, or the file ends.
        }
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    /**
     * Returns what can differ in a table that is in both states; empty when all of it can.
     *
     * @param one its columns in the first state
     * @param other in the second
     */
    Optional<Rows> of(String table, TableColumns one, TableColumns other) throws SQLException, Failure {
        if (connection.isEmpty() || !one.equals(other)) {
            return Optional.empty();
        }
        boolean byRowid = one.rowid().isPresent();
        TablePages before = TablePages.of(connection.get(), "main", table, changed);
        TablePages after = TablePages.of(connection.get(), "other", table, changed);
        if (before.untouched() && after.untouched() && before.root() == after.root()) {
            return Optional.of(new Rows(before.rows(), before.rows(), List.of()));
        }
        if (!byRowid || before.doubtful() || after.doubtful()) {
            return Optional.empty();
        }
        BitSet common = before.leavesAsTheyWere();
        common.and(after.leavesAsTheyWere());
        List<Range> ranges = new ArrayList<>();
        try {
            ranges.addAll(LeafRows.of(first, pageSize, before.leavesWithout(common)));
            ranges.addAll(LeafRows.of(second, pageSize, after.leavesWithout(common)));
        } catch (IOException e) {
            throw Failure.disk("cannot read the pages of " + first + " and " + second, e);
        }
        List<Range> merged = merged(ranges);
        return merged.size() > MOST_RANGES
                ? Optional.empty()
                : Optional.of(new Rows(before.rows(), after.rows(), merged));
    }

    private static List<Range> merged(List<Range> ranges) {
        List<Range> merged = new ArrayList<>();
        ranges.sort(Comparator.comparingLong(Range::first));
        for (Range range : ranges) {
            int last = merged.size() - 1;
            if (last >= 0 && range.first() <= merged.get(last).last()) {
                Range before = merged.get(last);
                merged.set(last, new Range(before.first(), Math.max(before.last(), range.last())));
            } else {
                merged.add(range);
            }
        }
        return merged;
    }
}
