package io.github.litestow.engine;

import io.github.litestow.control.Deadline;
import io.github.litestow.engine.EngineFailures.Context;
import io.github.litestow.engine.EngineFailures.Operation;
import io.github.litestow.engine.EngineRun.Ending;
import io.github.litestow.outcome.Failure;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** What Litestow makes of an error that litestream prints about an S3 replica. */
public final class EngineSays {
    private static final Deadline DEADLINE = new Deadline(() -> 0, Duration.ofMinutes(5));

    private EngineSays() {}

    /** Returns the failure of a listing that ends with this error. */
    public static Failure failure(String error) {
        Context context = new Context(
                Operation.LISTING,
                Given.s3Replica(Path.of("/data"), "http://127.0.0.1:9000"),
                Optional.empty(),
                false,
                Set.of());
        return EngineFailures.of(context, new EngineRun(Ending.EXITED, 1, "", "Error: " + error, true), DEADLINE);
    }
}
