package io.github.litestow.http;

import io.github.litestow.outcome.TimeText;
import io.github.litestow.report.DatabaseStanding;
import io.github.litestow.report.Verdict;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Duration;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** What shields.io draws a badge from: its endpoint schema. */
@RegisterForReflection
@Schema(name = "Badge", description = "The endpoint schema of shields.io")
record BadgeView(
        @Schema(required = true, minimum = "1", maximum = "1")
        int schemaVersion,

        @Schema(required = true) String label,
        @Schema(required = true) String message,
        @Schema(required = true) String color,

        @Schema(required = true, description = "Whether the database is at risk")
        boolean isError,

        @Schema(required = true, description = "After how many seconds to ask again")
        int cacheSeconds) {

    private static final int CACHE_SECONDS = 300;

    static BadgeView of(DatabaseStanding one) {
        String message = one.verdict() == Verdict.SAFE
                ? "proven "
                        + one.status()
                                .backup()
                                .provenAgeSeconds()
                                .map(age -> TimeText.length(Duration.ofSeconds(age)) + " ago")
                                .orElse("")
                : one.standing().words();
        String color = switch (one.verdict()) {
            case SAFE -> "brightgreen";
            case WAITING -> "lightgrey";
            case AT_RISK -> "red";
        };
        return new BadgeView(1, "backup", message, color, one.verdict() == Verdict.AT_RISK, CACHE_SECONDS);
    }
}
