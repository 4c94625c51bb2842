/**
 * The vocabulary every other room speaks: what a run was asked to do, how it ended, what it
 * proved, and what can be wrong with a replica's store.
 *
 * <p>Values only. This package uses nothing of Litestow and starts nothing.
 */
package io.github.litestow.outcome;
