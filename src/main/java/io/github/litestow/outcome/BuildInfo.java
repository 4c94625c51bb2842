package io.github.litestow.outcome;

/**
 * What this service consists of; published once, when it starts.
 *
 * @param litestow the version of this build
 * @param litestream the version of the engine; {@code missing} when no usable one was found
 */
public record BuildInfo(String litestow, String litestream) {}
