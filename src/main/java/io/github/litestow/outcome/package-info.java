/**
 * The vocabulary every other room speaks: what a run was asked to do, how it ended, and what it
 * proved.
 *
 * <p>Values only. This package uses nothing of Litestow and starts nothing.
 */
package io.github.litestow.outcome;
