package io.github.litestow.engine;

import java.time.Instant;

/**
 * One LTX file at a replica, as {@code litestream ltx -json} lists it.
 *
 * @param level 0 for each sync, 9 for snapshots
 * @param minTxid first transaction in it, 16 hexadecimal digits
 * @param maxTxid last transaction in it
 * @param size bytes
 * @param time the object's modification time, whole seconds
 */
public record LtxFile(int level, String minTxid, String maxTxid, long size, Instant time) {}
