package io.github.litestow.outcome;

import java.time.Instant;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One file of the engine at the replica, {@code ltx/LEVEL/MIN-MAX.ltx} (litestream 0.5.17), as our own
 * client or the engine lists it.
 *
 * @param level 0 for each sync, 9 for snapshots
 * @param minTxid first transaction in it, 16 hexadecimal digits
 * @param maxTxid last transaction in it
 * @param bytes its size, in bytes
 * @param time its modification time; whole seconds where the engine or S3 says so
 */
public record ReplicaFile(int level, String minTxid, String maxTxid, long bytes, Instant time) {
    private static final Pattern KEY = Pattern.compile("ltx/(\\d+)/([0-9a-fA-F]{16})-([0-9a-fA-F]{16})\\.ltx");

    /** Reads a key; empty when it is not the name of such a file (an upload in progress, say). */
    public static Optional<ReplicaFile> of(String key, long bytes, Instant time) {
        Matcher matcher = KEY.matcher(key);
        return matcher.matches()
                ? Optional.of(new ReplicaFile(
                        Integer.parseInt(matcher.group(1)),
                        matcher.group(2).toLowerCase(Locale.ROOT),
                        matcher.group(3).toLowerCase(Locale.ROOT),
                        bytes,
                        time))
                : Optional.empty();
    }

    /** Returns the last transaction in any of these files; empty when there are none. */
    public static Optional<String> end(Collection<ReplicaFile> files) {
        return files.stream().map(ReplicaFile::maxTxid).max(String::compareTo);
    }

    /** Returns the key of this file below the replica URL. */
    public String key() {
        return "ltx/" + level + "/" + minTxid + "-" + maxTxid + ".ltx";
    }
}
