/**
 * The local database: what it is, whether it is sound, exclusive use of it (the seal), comparison,
 * deletion, quarantine and fingerprint. Only here is a live database opened, and only through
 * SQLite; the one exception is the seal's own channel, which lives longer than its connection.
 *
 * <p>Closing any descriptor of a file drops all POSIX locks this process holds on it (SQLite, "How
 * To Corrupt An SQLite Database File", section 2.2). So nothing here opens the live file while a
 * {@link io.github.litestow.sqlite.Seal} holds it, and callers serialise everything on one database
 * through its claim.
 *
 * <p>May use {@code config}, {@code control} and {@code outcome}.
 */
package io.github.litestow.sqlite;
