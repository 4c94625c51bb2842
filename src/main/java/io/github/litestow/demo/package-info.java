/**
 * The demonstration: a sample database that keeps changing, in a process of its own as an
 * application would be, and its restore after each offload. No part of the service needs it.
 *
 * <p>May use {@code run}, {@code config} and {@code outcome}; only the command line uses it.
 */
package io.github.litestow.demo;
