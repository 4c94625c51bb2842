package io.github.litestow.http;

import io.github.litestow.report.DatabaseStanding;
import io.github.litestow.report.Overview;
import io.github.litestow.report.Standing;
import io.github.litestow.report.Verdict;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** How all databases stand. */
@RegisterForReflection
@Schema(name = "Summary", description = "How all databases stand, in one sentence and in numbers")
record SummaryView(
        @Schema(required = true, description = "When it was looked at, a second ago at the most")
        Instant at,

        @Schema(required = true, description = "The worst verdict of all databases")
        Verdict verdict,

        @Schema(required = true, description = "The page's first sentence")
        String sentence,

        @Schema(required = true) Counts counts,

        @Schema(required = true, description = "Those at risk or not proven yet, worst first, ten at the most")
        List<Worst> worst,

        @Schema(
                required = true,
                description = "What looks like a database of a group and is not backed up, with the reason, ten at the"
                        + " most")
        List<String> unprotected) {

    private static final int MOST = 10;

    /** How many there are of what. */
    @RegisterForReflection
    @Schema(name = "SummaryCounts")
    record Counts(
            @Schema(required = true, minimum = "0") int databases,
            @Schema(required = true, minimum = "0") int atRisk,
            @Schema(required = true, minimum = "0") int waiting,
            @Schema(required = true, minimum = "0") int safe,

            @Schema(required = true, minimum = "0", description = "Among all of them")
            int offloaded,

            @Schema(required = true, minimum = "0", description = "On how many a run works now")
            int working,

            @Schema(
                    required = true,
                    minimum = "0",
                    description = "How many files look like databases and are not backed up")
            int unprotected) {}

    /** One that is not safe. */
    @RegisterForReflection
    @Schema(name = "SummaryWorst")
    record Worst(
            @Schema(required = true) String database,
            @Schema(required = true) Verdict verdict,
            @Schema(required = true) Standing standing,

            @Schema(required = true, description = "What goes on behind its name")
            String words) {

        private static Worst of(DatabaseStanding one) {
            return new Worst(one.name(), one.verdict(), one.standing(), one.words());
        }
    }

    static SummaryView of(Overview overview) {
        return new SummaryView(
                overview.at(),
                overview.verdict(),
                overview.sentence(),
                new Counts(
                        overview.databases().size(),
                        overview.counts().get(Verdict.AT_RISK),
                        overview.counts().get(Verdict.WAITING),
                        overview.counts().get(Verdict.SAFE),
                        overview.offloaded(),
                        overview.working(),
                        overview.unprotected().size()),
                overview.databases().stream()
                        .filter(one -> one.verdict() != Verdict.SAFE)
                        .limit(MOST)
                        .map(Worst::of)
                        .toList(),
                overview.unprotected().stream().limit(MOST).toList());
    }
}
