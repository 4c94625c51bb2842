package io.github.litestow.outcome;

/**
 * Up to where a transaction reaches in SQLite's write-ahead log. The log is written from its beginning
 * again and again; its salts tell one time from another.
 *
 * @param salts both salts of the log, the first in the upper half
 * @param end the byte behind the last frame that belongs to the transaction, 32 before the first
 * @param pageSize of the database, in bytes
 * @param pages how many pages the database has after the transaction
 */
public record WalPosition(long salts, long end, int pageSize, int pages) {}
