/**
 * Finds out which databases the groups have: by the files and records in their folders, and by the replicas
 * at their place. What is found is wired in {@code run.Databases}; what is gone is reported once and its
 * replica left alone.
 *
 * <p>May use {@code run}, {@code shard}, {@code store}, {@code journal}, {@code sqlite}, {@code config}, {@code control} and
 * {@code outcome}.
 */
package io.github.litestow.discovery;
