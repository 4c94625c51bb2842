package io.github.litestow.engine;

import io.github.litestow.control.Cancellation;
import io.github.litestow.control.Deadline;
import io.github.litestow.outcome.Failure;

/** Starts an engine process and sees it to its end. Safe for concurrent use. */
@FunctionalInterface
interface EngineRunner {

    /**
     * Runs a process; blocks until it and its descendants are gone, at most five seconds beyond the
     * deadline. An interrupt of the calling thread ends it like a cancellation and is kept.
     *
     * @throws Failure {@code ENGINE_MISSING} when it cannot be started, {@code DISK} when it cannot
     *     be noted in its state folder
     */
    EngineRun run(EngineLaunch launch, Deadline deadline, Cancellation cancellation) throws Failure;
}
