/**
 * Which service has which databases of a group, where several share one: by the hash of the name, unless a
 * database was moved. What was moved, and what has just been left for others, is written down at the place
 * of the group's replicas.
 *
 * <p>May use {@code run}, {@code store}, {@code config} and {@code outcome}.
 */
package io.github.litestow.shard;
