/**
 * Who is told of what happens: messages to people, heartbeats to what misses a silent service, commands of
 * a person's own around runs. Nothing here changes, delays or fails a run, but a command before it that
 * says so; receivers that are dead or hang cost a bounded queue and one thread.
 *
 * <p>{@code Tidings} decides, {@code Outbox} brings, {@code Notifier} begins. May use {@code report}, {@code
 * run}, {@code journal}, {@code config}, {@code control} and {@code outcome}.
 */
package io.github.litestow.notify;
