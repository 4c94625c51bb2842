package io.github.litestow.engine;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.control.Cancellation;
import io.github.litestow.control.Deadline;
import io.github.litestow.control.Held;
import io.github.litestow.engine.EngineFailures.Context;
import io.github.litestow.engine.EngineFailures.Operation;
import io.github.litestow.engine.EngineLocator.Engine;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.ReplicaFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/** The engine as a process per call. Exit code 0 is never enough: each answer is looked at. */
final class LitestreamBinary implements Litestream {
    /** On standard output; "replication complete" alone is printed on failure too. */
    private static final String COMPLETED = "one-shot replication complete";

    private static final int OUTPUT_LIMIT = 64 * 1024;
    /** A listing takes some 170 bytes per file: room for 95,000. */
    private static final int LISTING_LIMIT = 16 * 1024 * 1024;
    /** Some ten thousand files, where a hundred are many. */
    private static final int PLAN_LIMIT = 2 * 1024 * 1024;

    private static final Waiting NOBODY = (command, deadline, cancellation) -> () -> {};

    private final EngineTargets targets;
    private final EngineLocator locator;
    private final EngineRunner runner;
    private final EngineSlots turns;
    private final Map<String, String> environment;
    private final LongSupplier nanoTime;

    /**
     * Creates it.
     *
     * @param targets know what it is told of each replica
     * @param locator finds the binary
     * @param runner starts it
     * @param turns how many may work at once
     * @param environment the environment of this process, of which the engine sees little
     * @param nanoTime a monotonic clock, in nanoseconds
     */
    LitestreamBinary(
            EngineTargets targets,
            EngineLocator locator,
            EngineRunner runner,
            EngineSlots turns,
            Map<String, String> environment,
            LongSupplier nanoTime) {
        this.targets = targets;
        this.locator = locator;
        this.runner = runner;
        this.turns = turns;
        this.environment = Map.copyOf(environment);
        this.nanoTime = nanoTime;
    }

    @Override
    public void replicate(
            ConfiguredDatabase database, boolean withSnapshot, Duration timeout, Cancellation cancellation)
            throws Failure {
        List<String> arguments = withSnapshot ? EngineCommands.replicateWithSnapshot() : EngineCommands.replicateOnce();
        Call call = new Call(Operation.REPLICATE, database, Optional.empty(), timeout, cancellation);
        TouchedDatabase touched = TouchedDatabase.before(database);
        EngineRun run =
                call.run(arguments, EngineConfiguration.forSync(call.target, database), OUTPUT_LIMIT, call.turn(turns));
        if (!run.output().contains(COMPLETED)) {
            throw EngineFailures.notBelieved(
                    "litestream replicate ended without an error, but did not say that it completed: \""
                            + EngineMessage.quotable(EngineMessage.error(run), call.environment.secrets()) + "\"",
                    "Nothing counts as uploaded. Check that the binary is litestream of generation 0.5.");
        }
        touched.require();
    }

    @Override
    public String restore(
            ConfiguredDatabase database,
            Optional<String> txid,
            Path output,
            Duration timeout,
            Cancellation cancellation)
            throws Failure {
        Call call = new Call(Operation.RESTORE, database, txid, timeout, cancellation);
        RestoreOutput.requireFree(output);
        boolean restored = false;
        try {
            EngineRun run = call.run(
                    EngineCommands.restore(database.database(), txid, output),
                    EngineConfiguration.forAnswer(call.target, call.database),
                    OUTPUT_LIMIT,
                    call.turn(turns));
            String answer = EngineAnswers.restoredTxid(call.context(), run);
            RestoreOutput.requireRestored(output, call.txid, answer);
            restored = true;
            return answer;
        } finally {
            if (!restored) {
                // Killed at its end, the engine leaves a file that only looks restored.
                RestoreOutput.removeRemains(output);
            }
        }
    }

    @Override
    public List<ReplicaFile> listing(ConfiguredDatabase database, Duration timeout, Cancellation cancellation)
            throws Failure {
        Call call = new Call(Operation.LISTING, database, Optional.empty(), timeout, cancellation);
        EngineRun run = call.run(
                EngineCommands.listing(database.database()),
                EngineConfiguration.forAnswer(call.target, database),
                LISTING_LIMIT,
                NOBODY);
        return EngineAnswers.listing(call.context(), run);
    }

    @Override
    public List<ReplicaFile> plan(ConfiguredDatabase database, String txid, Duration timeout, Cancellation cancellation)
            throws Failure {
        // Reads and prints only, as a listing does; the engine wants a name that does not exist.
        Call call = new Call(Operation.LISTING, database, Optional.of(txid), timeout, cancellation);
        Path nowhere = database.stateFolder().resolve("planned.db");
        EngineRun run = call.run(
                EngineCommands.plan(database.database(), txid, nowhere),
                EngineConfiguration.forAnswer(call.target, database),
                PLAN_LIMIT,
                NOBODY);
        return EngineAnswers.plan(call.context(), run, txid);
    }

    /** How a call waits until it may begin. */
    private interface Waiting {
        Held forTurn(String command, Deadline deadline, Cancellation cancellation) throws Failure;
    }

    @Override
    public String version() throws Failure {
        return engine().version();
    }

    @Override
    public Path binary() throws Failure {
        return engine().path();
    }

    private Engine engine() throws Failure {
        return locator.locate(new Deadline(nanoTime, Duration.ofMinutes(1)));
    }

    /** One call of the engine. */
    private final class Call {
        private final Operation operation;
        private final ConfiguredDatabase database;
        private final Optional<String> txid;
        private final Deadline deadline;
        private final Cancellation cancellation;
        private final EngineTarget target;
        private final EngineEnvironment environment;

        Call(
                Operation operation,
                ConfiguredDatabase database,
                Optional<String> txid,
                Duration timeout,
                Cancellation cancellation) {
            this.operation = operation;
            this.database = database;
            this.txid = txid;
            this.deadline = new Deadline(nanoTime, timeout);
            this.cancellation = cancellation;
            this.target = targets.of(database);
            this.environment = EngineEnvironment.of(target, database, LitestreamBinary.this.environment);
        }

        Waiting turn(EngineSlots slots) {
            long bytes = database.database().toFile().length();
            return (command, until, cancelled) -> slots.take(bytes, command, until, cancelled);
        }

        EngineRun run(List<String> arguments, String configuration, int outputLimit, Waiting waiting) throws Failure {
            List<String> command =
                    new ArrayList<>(List.of(locator.locate(deadline).path().toString()));
            command.addAll(arguments);
            if (cancellation.cancelled()) {
                throw EngineFailures.cancelled(arguments.get(0));
            }
            if (operation == Operation.LISTING) {
                // Writes nothing, here or there, so it may run where nothing can be written.
                return run(
                        new EngineLaunch(
                                command, environment.variables(), configuration, outputLimit, Optional.empty()),
                        deadline);
            }
            EngineLaunch launch = new EngineLaunch(
                    command, environment.variables(), configuration, outputLimit, Optional.of(database.stateFolder()));
            try (Held turn = waiting.forTurn(arguments.get(0), deadline, cancellation)) {
                // Counted from here, so that a wait is not blamed on the engine.
                return run(launch, deadline.within(deadline.left()));
            }
        }

        private EngineRun run(EngineLaunch launch, Deadline left) throws Failure {
            EngineRun run = runner.run(launch, left, cancellation);
            if (!run.succeeded()) {
                throw EngineFailures.of(context(), run, left);
            }
            return run;
        }

        Context context() {
            boolean missing = !Files.exists(database.database());
            return new Context(operation, database, txid, missing, environment.secrets());
        }
    }
}
