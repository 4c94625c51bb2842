/**
 * What changed in a database since a point that is known page by page, as a file of the engine's own
 * format. Begin with {@code PageIndex} and {@code Difference}.
 *
 * <p>May use {@code config}, {@code engine}, {@code sqlite}, {@code control} and {@code outcome}. Believes nothing: what
 * is written here counts once the real engine restored it.
 */
package io.github.litestow.difference;
