package io.github.litestow.run.restore;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.nio.file.Path;
import java.time.Instant;

/**
 * What one restore moved out of its way.
 *
 * @param folder where it is
 * @param time when that happened
 * @param bytes how much lies there
 */
@RegisterForReflection
public record QuarantinedFiles(Path folder, Instant time, long bytes) {}
