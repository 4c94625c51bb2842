package io.github.litestow.page;

import io.github.litestow.outcome.TimeText;
import io.github.litestow.report.BackupStatus;
import io.github.litestow.report.DatabaseStanding;
import io.github.litestow.report.Standing;
import io.github.litestow.report.Verdict;
import io.quarkus.qute.TemplateData;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One database on the page.
 *
 * @param name its name
 * @param path its name as part of an address
 * @param verdict the label of its verdict
 * @param standing how it stands, in a word or two
 * @param words why, as what goes on behind its name; empty when nothing is wrong
 * @param calm {@code offloaded} or {@code unchanged}, which are no reason for alarm; or empty
 * @param backedUp how long the local database may have held what the replica does not
 * @param proven how long ago it was proven
 * @param next when the next run begins
 * @param size its size, or empty
 * @param restore how long a restore of it took last, or empty
 * @param working whether a run works on it now
 * @param paused since when it is paused, or empty
 */
@TemplateData
public record DatabaseRow(
        String name,
        String path,
        String verdict,
        String standing,
        String words,
        String calm,
        Age backedUp,
        Age proven,
        Age next,
        String size,
        String restore,
        boolean working,
        String paused) {
    private static final double UNIT = 1024;
    private static final double HUNDRED = 100;
    private static final List<String> UNITS = List.of("bytes", "KiB", "MiB", "GiB", "TiB");

    /** Shows one. */
    static DatabaseRow of(DatabaseStanding one, Instant now) {
        BackupStatus backup = one.status().backup();
        Optional<Duration> most = backup.maxAgeSeconds().map(Duration::ofSeconds);
        Age backedUp = backup.offloaded()
                ? new Age("", "all of it", "", 0, "ok")
                : backup.lastRestorePoint().isEmpty()
                        ? Age.never(backup.local() ? "never" : "nothing there", most)
                        : backup.ageSeconds()
                                .map(age -> Age.of(Duration.ofSeconds(age), most, now))
                                .orElseGet(() -> Age.never("never", most));
        Age proven = backup.provenAgeSeconds()
                .map(age -> Age.of(Duration.ofSeconds(age), one.proofLimit(), now))
                .orElseGet(() -> Age.never("not yet", one.proofLimit()));
        return new DatabaseRow(
                one.name(),
                path(one.name()),
                one.verdict().label(),
                one.standing().words(),
                one.verdict() == Verdict.SAFE ? "" : one.words(),
                calm(one),
                backedUp,
                proven,
                backup.nextRun()
                        .map(time -> Age.until(time, now))
                        .orElseGet(() -> Age.never(backup.paused().isPresent() ? "paused" : "on request", most)),
                one.databaseBytes() == 0 ? "" : size(one.databaseBytes()),
                one.restoreSeconds().map(DatabaseRow::seconds).orElse(""),
                one.status().working().isPresent(),
                backup.paused().map(Instant::toString).orElse(""));
    }

    /** Returns a name as one part of an address, as the calls of {@code http} take the names of groups, too. */
    static String path(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Returns for example {@code 0.42 s} or {@code 3 min 20 s}. */
    static String seconds(double seconds) {
        return seconds < 10
                ? String.format(Locale.ROOT, "%.2f s", seconds)
                : TimeText.length(Duration.ofSeconds(Math.round(seconds)));
    }

    /** Returns for example {@code 1.2 MiB}: rounder than a progress, which counts up. */
    static String size(long bytes) {
        double value = bytes;
        int unit = 0;
        while (value >= UNIT && unit + 1 < UNITS.size()) {
            value /= UNIT;
            unit++;
        }
        return String.format(
                Locale.ROOT, unit == 0 || value >= HUNDRED ? "%.0f %s" : "%.1f %s", value, UNITS.get(unit));
    }

    private static String calm(DatabaseStanding one) {
        if (one.standing() != Standing.SAFE) {
            return "";
        }
        return one.status().backup().offloaded() ? "offloaded" : one.unchanged() ? "unchanged" : "";
    }
}
