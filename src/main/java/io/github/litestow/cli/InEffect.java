package io.github.litestow.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.github.litestow.outcome.TimeText;
import io.github.litestow.report.BackupStatus;
import io.github.litestow.report.DatabaseStatus;
import io.github.litestow.run.Database;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What the settings come to on this machine, in {@code config}.
 *
 * @param workingFolder from where relative paths and {@code .env} are taken
 * @param dotEnv the {@code .env} that is read, if it is there
 * @param http where the service answers
 * @param concurrency how many engines work at once, at most
 * @param litestream path and version of the engine, or why there is none
 * @param databases each database by name
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_ABSENT)
record InEffect(
        String workingFolder,
        Optional<String> dotEnv,
        String http,
        int concurrency,
        String litestream,
        Map<String, OfDatabase> databases) {

    /**
     * One database.
     *
     * @param file its absolute path
     * @param deleteLocal whether a snapshot deletes it on proof
     * @param maxAgeSeconds the age above which its backup is stale; never, if empty
     */
    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record OfDatabase(String file, boolean deleteLocal, Optional<Long> maxAgeSeconds) {
        private String words() {
            return file
                    + (deleteLocal ? ", offloaded when proven" : ", kept")
                    + maxAgeSeconds
                            .map(seconds -> ", stale after " + TimeText.length(Duration.ofSeconds(seconds)))
                            .orElse("");
        }
    }

    /** Looks at this machine, and at neither replica nor database. */
    static InEffect of(List<String> names, CommandContext context) {
        Path folder = Path.of("").toAbsolutePath();
        Path dotEnv = folder.resolve(".env");
        Map<String, OfDatabase> databases = new LinkedHashMap<>();
        for (String name : names) {
            context.databases().named(name).ifPresent(database -> databases.put(name, of(database, context)));
        }
        return new InEffect(
                folder.toString(),
                Files.isRegularFile(dotEnv) ? Optional.of(dotEnv.toString()) : Optional.empty(),
                context.launchMode().address(),
                context.settings().concurrency(),
                context.engine().describe(),
                databases);
    }

    private static OfDatabase of(Database database, CommandContext context) {
        return new OfDatabase(
                database.settings().database().toString(),
                database.settings().snapshot().deleteLocal(),
                context.status()
                        .of(database.settings())
                        .map(DatabaseStatus::backup)
                        .flatMap(BackupStatus::maxAgeSeconds));
    }

    /** Returns it in lines, for a person. */
    List<String> lines() {
        List<String> lines = new ArrayList<>(List.of("in effect:"));
        lines.add(line("working folder", workingFolder));
        lines.add(line(".env", dotEnv.orElse("none in that folder")));
        lines.add(line("http", http));
        lines.add(line("concurrency", concurrency));
        lines.add(line("litestream", litestream));
        databases.forEach((name, database) -> lines.add(line(name, database.words())));
        return lines;
    }

    private static String line(String what, Object value) {
        return String.format(Locale.ROOT, "  %-16s %s", what, value);
    }
}
