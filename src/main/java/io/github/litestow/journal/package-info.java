/**
 * The durable record of one database, kept in its state folder: the lineage, a deletion that is
 * intended, and how runs ended. Each change is on disk before the call returns.
 *
 * <p>May use {@code outcome} only.
 */
package io.github.litestow.journal;
