/**
 * The page for people: how all databases stand, and each of them, rendered here and kept up to date by
 * server-sent events. Shows what {@code http} shows, so no path, no URL of a replica and no secret; what a
 * failure says in its own words it shows to whoever has the token. Begins nothing itself: its buttons are
 * calls of {@code http}.
 *
 * <p>May use {@code http}, for the token and the restore points, {@code report}, {@code run}, {@code journal},
 * {@code config} and {@code outcome}.
 */
package io.github.litestow.page;
