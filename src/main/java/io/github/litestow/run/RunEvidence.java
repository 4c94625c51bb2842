package io.github.litestow.run;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.control.DaemonThreads;
import io.github.litestow.engine.Litestream;
import io.github.litestow.evidence.EvidenceRecord;
import io.github.litestow.evidence.FileSha256;
import io.github.litestow.outcome.ErrorText;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.sqlite.RestoredFacts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * What one run proved, for the evidence at the replica. The restored file is read beside the work of the
 * run, which waits only at its end. Nothing here fails a run: evidence that cannot be written is a warning.
 */
public final class RunEvidence {
    private static final double NANOS = 1e9;

    private final RunContext context;
    private Optional<Restored> restored = Optional.empty();
    private Optional<How> proven = Optional.empty();

    RunEvidence(RunContext context) {
        this.context = context;
    }

    /** How a point was proven. */
    public enum How {
        /** Compared page by page with the local database, which nobody else could use. */
        SEALED,
        /** Compared with what the local database was at that transaction, while its writers went on. */
        LIVE,
        /** Restored whole and checked, with no local database to compare with. */
        RESTORED
    }

    private record Looked(RestoredFacts facts, String sha256, String litestream) {}

    private record Restored(String txid, double seconds, FutureTask<Looked> look) {}

    /** A point was restored to scratch; the file stays until the end of the run, or the next restore. */
    void restored(RestorePoint point, Path file, long nanos, Litestream litestream) {
        if (!context.database().evidence().keeps()) {
            return;
        }
        FutureTask<Looked> look = new FutureTask<>(() -> new Looked(
                RestoredFacts.of(file, context.limit()), FileSha256.of(file, context.limit()), litestream.version()));
        restored.ifPresent(before -> before.look().cancel(true));
        proven = Optional.empty();
        restored = Optional.of(new Restored(point.txid(), nanos / NANOS, look));
        DaemonThreads.start("evidence", look);
    }

    /** What was restored last is proven. */
    public void proven(How how) {
        proven = Optional.of(how);
    }

    /**
     * Adds what was proven to the evidence; before the scratch files go.
     *
     * @param offloaded whether only the replica holds the database now
     */
    void write(boolean offloaded, Clock clock) {
        if (restored.isEmpty()) {
            return;
        }
        Restored what = restored.get();
        if (proven.isEmpty() || context.revoked().isPresent()) {
            what.look().cancel(true);
            return;
        }
        try {
            Looked looked = what.look().get();
            context.database().evidence().append(record(what, looked, offloaded, clock));
        } catch (Failure e) {
            if (e.kind() == FailureKind.ACCESS_DENIED && proven.get() == How.RESTORED) {
                // Keys that may only read are enough to try a restore; whoever has others leaves the evidence.
                context.note("not in the evidence: " + e.getMessage());
            } else {
                warn(e.getMessage());
            }
        } catch (ExecutionException e) {
            Exception why = e.getCause() instanceof Exception known ? known : e;
            warn(
                    why instanceof IOException
                            ? ErrorText.sentence("the restored file cannot be read", why)
                            : ErrorText.of(why));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            warn("stopped while it was made");
        }
    }

    private void warn(String why) {
        context.warn("proven, but that is not in the evidence at the replica: " + why);
    }

    private EvidenceRecord record(Restored what, Looked looked, boolean offloaded, Clock clock) {
        ConfiguredDatabase settings = context.database().settings();
        RestoredFacts facts = looked.facts();
        Optional<Duration> due = offloaded ? settings.verifyOffloadedEvery() : Optional.of(settings.verifyEvery());
        Map<String, String> versions = new HashMap<>();
        versions.put(
                "litestow",
                Optional.ofNullable(RunEvidence.class.getPackage().getImplementationVersion())
                        .orElse("unpackaged"));
        versions.put("litestream", looked.litestream());
        versions.put("sqlite", facts.sqlite());
        versions.put("java", System.getProperty("java.version"));
        return new EvidenceRecord(
                context.database().name(),
                what.txid(),
                new RunTime(context.database().replica(), clock).now(),
                proven.orElseThrow().name().toLowerCase(Locale.ROOT),
                context.id(),
                Math.round(what.seconds() * 1000) / 1000.0,
                facts.pages(),
                facts.pageSize(),
                facts.bytes(),
                looked.sha256(),
                facts.tables(),
                due.map(Duration::toSeconds),
                versions,
                "");
    }
}
