package io.github.litestow.engine;

/**
 * How one engine process ended.
 *
 * @param ending who ended it
 * @param exitCode its exit code; 128 and more when a signal ended it, -1 when it could not be reaped
 * @param output what is kept of its standard output
 * @param errors what is kept of its standard error
 * @param outputComplete whether {@code output} is all of it
 */
record EngineRun(Ending ending, int exitCode, String output, String errors, boolean outputComplete) {

    /** Who ended a process. */
    enum Ending {
        /** It ended by itself. */
        EXITED,
        /** We, at the deadline. */
        DEADLINE,
        /** We, because the run was cancelled or its thread interrupted. */
        CANCELLED
    }

    /** Returns whether it ended by itself with exit code 0. */
    boolean succeeded() {
        return ending == Ending.EXITED && exitCode == 0;
    }
}
