package io.github.litestow.page;

import io.github.litestow.outcome.Assurance;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.report.BackupState;
import io.github.litestow.report.BackupStatus;
import io.github.litestow.report.DatabaseStanding;
import io.github.litestow.report.DatabaseStatus;
import io.github.litestow.report.Overview;
import io.github.litestow.report.Standing;
import io.github.litestow.report.Verdict;
import io.quarkus.qute.Engine;
import io.quarkus.qute.EngineBuilder;
import io.quarkus.qute.HtmlEscaper;
import io.quarkus.qute.ReflectionValueResolver;
import io.quarkus.qute.TemplateLocator;
import io.quarkus.qute.Variant;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Databases that stand in one way or another, and the templates as the service renders them. */
final class Standings {
    static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

    private Standings() {}

    static Templates templates(boolean actions) {
        EngineBuilder engine = Engine.builder().addDefaults().addValueResolver(new ReflectionValueResolver());
        engine.addResultMapper(new HtmlEscaper(List.of("text/html")));
        engine.addLocator(id -> Optional.of(new Source(id.endsWith(".html") ? id : id + ".html")));
        return new Templates(engine.build(), actions, "0.0.0");
    }

    private record Source(String id) implements TemplateLocator.TemplateLocation {
        @Override
        public Reader read() {
            return new InputStreamReader(
                    Standings.class.getResourceAsStream("/templates/" + id), StandardCharsets.UTF_8);
        }

        @Override
        public Optional<Variant> getVariant() {
            return Optional.of(new Variant(Locale.ROOT, "text/html", "UTF-8"));
        }
    }

    static Overview many(int count, IntFunction<DatabaseStanding> one) {
        return Overview.of(NOW, IntStream.range(0, count).mapToObj(one).toList(), List.of());
    }

    static DatabaseStanding safe(String name) {
        return of(name, Standing.SAFE, Verdict.SAFE, "was proven 3 h ago", Duration.ofHours(3));
    }

    static DatabaseStanding overdue(String name) {
        return of(name, Standing.PROOF_OVERDUE, Verdict.AT_RISK, "has not been proven for 3 d", Duration.ofDays(3));
    }

    static DatabaseStanding paused(String name) {
        return of(
                name,
                Standing.SAFE,
                Verdict.SAFE,
                "was proven 3 h ago",
                Duration.ofHours(3),
                Optional.of(NOW.minusSeconds(60)));
    }

    static DatabaseStanding of(String name, Standing standing, Verdict verdict, String words, Duration proven) {
        return of(name, standing, verdict, words, proven, Optional.empty());
    }

    private static DatabaseStanding of(
            String name, Standing standing, Verdict verdict, String words, Duration proven, Optional<Instant> paused) {
        RestorePoint point = new RestorePoint("000000000000000c", NOW.minus(proven), Assurance.PROVEN);
        BackupStatus backup = new BackupStatus(
                name,
                true,
                false,
                BackupState.FRESH,
                true,
                Optional.of(NOW.minusSeconds(120)),
                Optional.of(120L),
                Optional.of(900L),
                Optional.of(point),
                Optional.of(point),
                Optional.of(proven.toSeconds()),
                Optional.of(NOW.plusSeconds(180)).filter(next -> paused.isEmpty()),
                Optional.of(true),
                paused);
        DatabaseStatus status = new DatabaseStatus(
                backup, "/data/" + name, "file:///replica/" + name, Optional.empty(), List.of(), Optional.empty());
        return new DatabaseStanding(
                status,
                standing,
                verdict,
                Optional.of(Duration.ofHours(25)),
                false,
                Optional.of(1.5),
                104_857_600,
                words);
    }
}
