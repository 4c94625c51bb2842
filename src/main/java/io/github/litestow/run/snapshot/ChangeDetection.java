package io.github.litestow.run.snapshot;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.difference.Difference;
import io.github.litestow.difference.IndexComparison;
import io.github.litestow.difference.PageIndex;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.ReplicaFile;
import io.github.litestow.run.ReplicaTransfer;
import io.github.litestow.run.RunContext;
import io.github.litestow.run.StatisticsRecorder;
import io.github.litestow.run.Step;
import io.github.litestow.sqlite.Proof;
import io.github.litestow.sqlite.Seal;
import io.github.litestow.sqlite.SealedCheck;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
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
    private final Soundness soundness;
    private final ConfiguredDatabase settings;

    ChangeDetection(RunContext context, ReplicaTransfer transfer, Offload offload, Soundness soundness) {
        this.soundness = soundness;
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
        CHANGED,
        /** To check it takes longer than anybody should be locked out. */
        CHECK_TAKES_LONG
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
     * @param files the listing that says so
     * @param most how long to wait for others to let go
     * @param unchanged what is done under the seal when nothing changed since a point that was proven
     */
    Found look(Optional<String> head, List<ReplicaFile> files, Duration most, Offload.Use unchanged) throws Failure {
        Optional<PageIndex> known = head.isPresent() ? transfer.knownPages().of(head.get()) : Optional.empty();
        if (known.isEmpty()) {
            return underSeal(most, seal -> Found.only(State.FREE));
        }
        // Asked before, so that nobody is locked out while the replica answers.
        long room = transfer.differences().room(files);
        try (PageIndex index = known.get()) {
            Look look = seal -> compared(seal, index, room, unchanged);
            Found found = underSeal(most, look);
            if (found.state() == State.CHECK_TAKES_LONG) {
                soundness.require();
                found = underSeal(most, look);
            }
            return found;
        } catch (IOException e) {
            throw Failure.disk("cannot read what is known of the pages of " + settings.database(), e);
        }
    }

    private interface Look {
        Found at(Seal seal) throws Failure, IOException;
    }

    private Found underSeal(Duration most, Look look) throws Failure {
        Optional<Seal> sealed = offload.seal(most);
        if (sealed.isEmpty()) {
            return Found.only(State.IN_USE);
        }
        try (StatisticsRecorder.Sealed measured = context.statistics().sealed();
                Seal seal = sealed.get()) {
            return look.at(seal);
        } catch (IOException e) {
            throw Failure.disk("cannot find out what changed in " + settings.database(), e);
        }
    }

    private Found compared(Seal seal, PageIndex index, long room, Offload.Use unchanged) throws Failure, IOException {
        context.at(Step.COMPARE);
        IndexComparison comparison = new IndexComparison(index);
        Optional<Proof> proof = seal.compare(comparison, context.limit());
        if (comparison.same()) {
            if (proof.isPresent()) {
                unchanged.of(seal, proof.get());
            }
            return Found.only(State.UNCHANGED);
        }
        if (room == 0 || !seal.count()) {
            return Found.only(State.FREE);
        }
        Optional<SealedCheck> check = soundness.begin(seal);
        try {
            Found found = changed(seal, index, room);
            boolean sound = false;
            try {
                sound = found.state() != State.CHANGED || soundness.end(check);
            } finally {
                if (!sound) {
                    found.close();
                }
            }
            return sound ? found : Found.only(State.CHECK_TAKES_LONG);
        } finally {
            check.ifPresent(SealedCheck::close);
        }
    }

    private Found changed(Seal seal, PageIndex index, long room) throws Failure, IOException {
        Found found =
                new Found(State.CHANGED, Optional.of(transfer.differences().prepare(index, room)));
        boolean made = false;
        try {
            Difference difference = found.difference().orElseThrow();
            made = seal.show(difference, context.limit()) && difference.finish();
        } finally {
            if (!made) {
                found.close();
            }
        }
        return made ? found : Found.only(State.FREE);
    }
}
