package io.github.litestow.run.snapshot;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.difference.Difference;
import io.github.litestow.difference.PageIndex;
import io.github.litestow.outcome.Failure;
import io.github.litestow.run.ReplicaTransfer;
import io.github.litestow.run.RunContext;
import io.github.litestow.run.StatisticsRecorder;
import io.github.litestow.run.Step;
import io.github.litestow.sqlite.Proof;
import io.github.litestow.sqlite.Seal;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * Finds out what changed in a database that nobody uses since the point with which the replica ends, by
 * holding it against what is known of that point's pages. It is sealed meanwhile, which takes no longer
 * than reading it; what was found is uploaded without a seal.
 */
final class ChangeDetection {
    private final RunContext context;
    private final ReplicaTransfer transfer;
    private final Offload offload;
    private final ConfiguredDatabase settings;

    ChangeDetection(RunContext context, ReplicaTransfer transfer, Offload offload) {
        this.context = context;
        this.transfer = transfer;
        this.offload = offload;
        this.settings = context.database().settings();
    }

    /** What a database is, compared with the replica's head. */
    enum State {
        /** Somebody has it open. */
        IN_USE,
        /** Nobody has it open, and that is all that is known of it. */
        FREE,
        /** It is what the replica ends with. */
        UNCHANGED,
        /** It is not, and what changed is at hand. */
        CHANGED
    }

    /**
     * What was found.
     *
     * @param difference what changed
     */
    record Found(State state, Optional<Difference> difference) implements AutoCloseable {
        static Found only(State state) {
            return new Found(state, Optional.empty());
        }

        @Override
        public void close() throws Failure {
            try {
                if (difference.isPresent()) {
                    difference.get().close();
                }
            } catch (IOException e) {
                throw Failure.disk("cannot close " + difference.get().file(), e);
            }
        }
    }

    /**
     * Looks.
     *
     * @param head where the replica ends, if it holds anything
     * @param most how long to wait for others to let go
     * @param unchanged what is done under the seal when nothing changed since a point that was proven
     */
    Found look(Optional<String> head, Duration most, Offload.Use unchanged) throws Failure {
        Optional<PageIndex> index = head.isPresent() ? transfer.knownPages().of(head.get()) : Optional.empty();
        Optional<Difference> difference = Optional.empty();
        boolean handedOver = false;
        try {
            if (index.isPresent()) {
                difference = Optional.of(transfer.differences().prepare(index.get()));
            }
            Optional<Seal> sealed = offload.seal(most);
            if (sealed.isEmpty()) {
                return Found.only(State.IN_USE);
            }
            try (StatisticsRecorder.Sealed measured = context.statistics().sealed();
                    Seal seal = sealed.get()) {
                State state = difference.isPresent() ? state(seal, difference.get(), unchanged) : State.FREE;
                handedOver = state == State.CHANGED;
                return handedOver ? new Found(state, difference) : Found.only(state);
            }
        } catch (IOException e) {
            throw Failure.disk("cannot write what changed of " + settings.database(), e);
        } finally {
            if (!handedOver) {
                close(index, difference);
            }
        }
    }

    private State state(Seal seal, Difference difference, Offload.Use unchanged) throws Failure, IOException {
        context.at(Step.COMPARE);
        Optional<Proof> proof = seal.compare(difference, context.limit());
        if (difference.finish()) {
            return State.CHANGED;
        }
        if (!difference.same()) {
            context.note("too much changed, or too much at once, for less than everything");
            return State.FREE;
        }
        if (proof.isPresent()) {
            unchanged.of(seal, proof.get());
        }
        return State.UNCHANGED;
    }

    private void close(Optional<PageIndex> index, Optional<Difference> difference) throws Failure {
        try {
            if (difference.isPresent()) {
                difference.get().close();
            } else if (index.isPresent()) {
                index.get().close();
            }
        } catch (IOException e) {
            throw Failure.disk("cannot close what is known of the pages of " + settings.database(), e);
        }
    }
}
