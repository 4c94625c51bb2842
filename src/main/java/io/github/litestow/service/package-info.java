/**
 * The life of the service: restore when it starts, snapshot by cron, stop in order.
 *
 * <p>May use {@code run}, {@code lease}, {@code sqlite}, {@code journal}, {@code config}, {@code control}
 * and {@code outcome}.
 */
package io.github.litestow.service;
