package io.github.litestow.notify;

import io.github.litestow.config.NotifyEvent;
import io.github.litestow.outcome.FailureKind;
import java.time.Instant;
import java.util.Optional;

/**
 * Something that is wrong with a database now.
 *
 * @param event what it is told as
 * @param since since when it is known to be so
 * @param kind of a failure, its kind
 * @param cause what is wrong, without a full stop
 * @param hint what to do next
 */
record Condition(NotifyEvent event, Instant since, Optional<FailureKind> kind, String cause, String hint) {}
