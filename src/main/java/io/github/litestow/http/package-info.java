/**
 * The service over HTTP: the state of databases, their runs and restore points for everybody, and
 * actions for whoever has the token. Shows no path, no URL of a replica and no secret.
 *
 * <p>May use {@code run}, {@code report}, {@code journal}, {@code config}, {@code sqlite} for the name
 * of a copy, and {@code outcome} (decision record 0011).
 */
package io.github.litestow.http;
