/**
 * The service over HTTP: where databases stand, their runs and restore points for everybody, and
 * runs for who has the token. Tells no path, no URL of a replica and no secret; the log does.
 *
 * <p>May use {@code run}, {@code report}, {@code journal}, {@code settings}, {@code sqlite} for the name
 * of a copy, and {@code outcome} (decision record 0011).
 */
package io.github.litestow.http;
