/**
 * The restore points people name: labels and pins, which are kept at the replica, and the ways a point
 * can be referred to: label, transaction, time.
 *
 * <p>May use {@code store} (where labels and pins are kept), {@code config} and {@code outcome}.
 */
package io.github.litestow.points;
