/**
 * The durable record of one database, kept in its state folder: what is known of the local file,
 * what the replica holds, and how runs ended. Each change is on disk before the call returns. What only
 * this process knows is in {@code run}.
 *
 * <p>May use {@code sqlite}, for what a file at a database's path can be, and {@code outcome}.
 */
package io.github.litestow.journal;
