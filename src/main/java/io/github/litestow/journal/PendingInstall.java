package io.github.litestow.journal;

import io.github.litestow.outcome.RestorePoint;
import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * A restored file on its way to the database's place. Whether it got there is told by the file
 * itself, so that a restore that is cut off right after needs no hand work.
 *
 * @param file which file it is, opaque
 * @param lineage what the database descends from once that file stands in its place
 * @param head the replica's head that was accepted with it
 */
@RegisterForReflection
public record PendingInstall(String file, Lineage lineage, RestorePoint head) {}
