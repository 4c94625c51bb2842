/**
 * The evidence: a record at the replica of each proof, chained by SHA-256, which a stranger can check with
 * {@code sha256sum}, {@code sqlite3} and litestream; and what a report says of it. Runs append, nobody
 * changes or prunes.
 *
 * <p>{@code EvidenceChain} writes and reads, {@code EvidenceReport} judges. May use {@code store}, {@code
 * config}, {@code control} and {@code outcome}.
 */
package io.github.litestow.evidence;
