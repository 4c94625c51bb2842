package io.github.litestow.page;

import io.github.litestow.outcome.TimeText;
import io.quarkus.qute.TemplateData;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;

/**
 * How long ago something was, against how long ago it may be.
 *
 * @param iso when it was; empty when it never was
 * @param text how long ago that is, or what is said instead
 * @param limit how long ago it may be, as text; empty when nobody set that
 * @param width how much of the limit is used, 0 to 100
 * @param level {@code ok}, {@code late} or {@code none}
 */
@TemplateData
public record Age(String iso, String text, String limit, int width, String level) {
    private static final int ALL = 100;

    /** Nothing is known of it. */
    static Age never(String text, Optional<Duration> limit) {
        return new Age("", text, limit.map(TimeText::length).orElse(""), 0, "none");
    }

    /** Measures. */
    static Age of(Duration age, Optional<Duration> limit, Instant now) {
        boolean late = limit.filter(most -> age.compareTo(most) > 0).isPresent();
        long width = limit.filter(most -> most.toMillis() > 0)
                .map(most -> Math.min(ALL, age.toMillis() * ALL / most.toMillis()))
                .orElse(0L);
        return new Age(
                now.minus(age).toString(),
                TimeText.length(age) + " ago",
                limit.map(TimeText::length).orElse(""),
                Math.toIntExact(width),
                late ? "late" : "ok");
    }

    /** Returns a time to come. */
    static Age until(Instant time, Instant now) {
        return new Age(time.toString(), new TimeText(now, ZoneOffset.UTC).distance(time), "", 0, "ok");
    }
}
