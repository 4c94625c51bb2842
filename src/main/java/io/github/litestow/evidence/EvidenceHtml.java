package io.github.litestow.evidence;

import io.github.litestow.outcome.TimeText;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The report as one HTML file that needs nothing else, and of one database prints on two pages. All that
 * comes from outside is escaped.
 */
public final class EvidenceHtml {
    /** The newest proofs in the table; the file at the replica has them all. */
    private static final int SHOWN = 25;

    private static final int DAY_WIDTH = 7;
    private static final String STYLE = """
            :root{color-scheme:light;--ok:#1a7f4b;--bad:#b42318;--line:#d9dde3;--soft:#667085}
            *{box-sizing:border-box}
            body{font:14px/1.5 system-ui,sans-serif;color:#101828;max-width:860px;margin:2rem auto;padding:0 1rem}
            h1{font-size:1.5rem;margin:0}h2{font-size:1.15rem;margin:1.6rem 0 .3rem}
            .soft{color:var(--soft)}.ok{color:var(--ok)}.bad{color:var(--bad)}
            .verdict{font-size:1.05rem;font-weight:600}
            table{border-collapse:collapse;width:100%;margin:.5rem 0}
            th,td{text-align:left;padding:.22rem .5rem .22rem 0;border-bottom:1px solid var(--line);vertical-align:top}
            th{font-weight:600;color:var(--soft)}td.n,th.n{text-align:right}
            code{font:12px ui-monospace,monospace;overflow-wrap:anywhere}
            section{break-inside:auto}
            @page{size:A4;margin:14mm}
            @media print{body{margin:0;max-width:none;font-size:10.5px}h2{break-after:avoid}tr{break-inside:avoid}
            section+section{break-before:page}code{font-size:8.5px}}
            """;

    private EvidenceHtml() {}

    /** Returns the file. */
    public static String of(List<EvidenceReport> reports, Instant now) {
        StringBuilder html = new StringBuilder("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
                .append("<meta name=\"viewport\" content=\"width=device-width\">")
                .append("<title>Proof of backups</title><style>")
                .append(STYLE)
                .append("</style></head><body>\n<h1>Proof of backups</h1>\n<p class=\"soft\">Made by Litestow, ")
                .append(escaped(now.truncatedTo(ChronoUnit.SECONDS).toString()))
                .append(". A proof is a restore from the replica, compared page by page or checked in full.</p>\n");
        reports.forEach(report -> section(html, report));
        return html.append("</body></html>\n").toString();
    }

    private static void section(StringBuilder html, EvidenceReport report) {
        boolean well = report.chainHolds()
                && report.gaps().isEmpty()
                && report.withoutRecord().isEmpty()
                && report.count() > 0;
        html.append("<section><h2>")
                .append(escaped(report.database()))
                .append("</h2>\n<p class=\"verdict ")
                .append(well ? "ok" : "bad")
                .append("\">")
                .append(escaped(report.sentence()))
                .append("</p>\n<p class=\"soft\">")
                .append(escaped(report.replica() + ", " + date(report.since()) + " to " + date(report.until())))
                .append("</p>\n");
        strip(html, report);
        facts(html, report);
        list(html, "The chain does not hold", report.problems());
        list(
                html,
                "Times without a proof that was due",
                report.gaps().stream().map(EvidenceHtml::words).toList());
        list(html, "Proven restore points without a record", report.withoutRecord());
        proofs(html, report);
        html.append("</section>\n");
    }

    /** A day is green with a proof, and red in a gap. */
    private static void strip(StringBuilder html, EvidenceReport report) {
        Map<LocalDate, Long> days = report.records().stream()
                .collect(Collectors.groupingBy(record -> day(record.time()), TreeMap::new, Collectors.counting()));
        LocalDate first = day(report.since());
        long all = ChronoUnit.DAYS.between(first, day(report.until())) + 1;
        html.append("<svg role=\"img\" aria-label=\"Proofs by day\" width=\"100%\" viewBox=\"0 0 ")
                .append(all * DAY_WIDTH)
                .append(" 24\" style=\"max-height:2.2rem\" preserveAspectRatio=\"none\">");
        for (int i = 0; i < all; i++) {
            LocalDate day = first.plusDays(i);
            long proofs = days.getOrDefault(day, 0L);
            String color = proofs > 0 ? "#1a7f4b" : inGap(report, day) ? "#b42318" : "#d9dde3";
            html.append(String.format(
                    Locale.ROOT,
                    "<rect x=\"%d\" y=\"0\" width=\"%d\" height=\"24\" fill=\"%s\"><title>%s: %d</title></rect>",
                    i * DAY_WIDTH,
                    DAY_WIDTH - 1,
                    color,
                    day,
                    proofs));
        }
        html.append(
                "</svg>\n<p class=\"soft\">Each day: green with a proof, red when one was due, grey otherwise.</p>\n");
    }

    private static boolean inGap(EvidenceReport report, LocalDate day) {
        return report.gaps().stream()
                .anyMatch(gap ->
                        day.isAfter(day(gap.from().plusSeconds(gap.dueSeconds()))) && !day.isAfter(day(gap.to())));
    }

    private static void facts(StringBuilder html, EvidenceReport report) {
        html.append("<table>");
        report.lastProof().ifPresent(last -> {
            row(html, "Last proof", last.time() + ", transaction " + last.txid());
            row(html, "It restored", String.format(Locale.ROOT, "%,d pages, %,d bytes", last.pages(), last.bytes()));
            row(html, "SHA-256", last.sha256());
            if (!last.tables().isEmpty()) {
                row(
                        html,
                        "Rows",
                        last.tables().entrySet().stream()
                                .limit(12)
                                .map(table ->
                                        table.getKey() + " " + String.format(Locale.ROOT, "%,d", table.getValue()))
                                .collect(Collectors.joining(", ")));
            }
            row(
                    html,
                    "Made with",
                    last.versions().entrySet().stream()
                            .map(version -> version.getKey() + " " + version.getValue())
                            .collect(Collectors.joining(", ")));
        });
        report.restoreSeconds()
                .ifPresent(took -> row(
                        html,
                        "A restore took",
                        String.format(
                                Locale.ROOT,
                                "%.2f s the last time; median %.2f s, longest %.2f s",
                                took.last(),
                                took.median(),
                                took.slowest())));
        report.proofs().forEach((how, count) -> row(html, how + ", " + count, EvidenceReport.words(how)));
        html.append("</table>\n");
    }

    private static void proofs(StringBuilder html, EvidenceReport report) {
        List<EvidenceRecord> records = report.records();
        List<EvidenceRecord> newest = records.subList(Math.max(0, records.size() - SHOWN), records.size());
        if (newest.isEmpty()) {
            return;
        }
        html.append("<table><tr><th>Proven</th><th>Transaction</th><th>How</th><th class=\"n\">Restore, s</th>")
                .append("<th class=\"n\">Bytes</th><th>SHA-256</th></tr>");
        for (int i = newest.size() - 1; i >= 0; i--) {
            EvidenceRecord record = newest.get(i);
            html.append("<tr><td>")
                    .append(escaped(date(record.time())))
                    .append("</td><td><code>")
                    .append(escaped(record.txid()))
                    .append("</code></td><td>")
                    .append(escaped(record.how()))
                    .append(String.format(
                            Locale.ROOT,
                            "</td><td class=\"n\">%.2f</td><td class=\"n\">%,d</td><td><code>",
                            record.restoreSeconds(),
                            record.bytes()))
                    .append(escaped(record.sha256()))
                    .append("</code></td></tr>");
        }
        html.append("</table>\n");
        if (records.size() > newest.size()) {
            html.append("<p class=\"soft\">And ")
                    .append(records.size() - newest.size())
                    .append(" earlier ones, in litestow/evidence at the replica.</p>\n");
        }
    }

    private static void list(StringBuilder html, String title, List<String> items) {
        if (!items.isEmpty()) {
            html.append("<p class=\"bad\">").append(escaped(title)).append("</p><ul>");
            items.stream()
                    .limit(SHOWN)
                    .forEach(item -> html.append("<li>").append(escaped(item)).append("</li>"));
            html.append("</ul>\n");
        }
    }

    private static void row(StringBuilder html, String what, String value) {
        html.append("<tr><th>")
                .append(escaped(what))
                .append("</th><td>")
                .append(escaped(value))
                .append("</td></tr>");
    }

    private static String words(EvidenceReport.Gap gap) {
        return date(gap.from()) + " to " + date(gap.to()) + ": due within "
                + TimeText.length(Duration.ofSeconds(gap.dueSeconds()));
    }

    private static LocalDate day(Instant time) {
        return time.atOffset(ZoneOffset.UTC).toLocalDate();
    }

    private static String date(Instant time) {
        return time.truncatedTo(ChronoUnit.MINUTES).toString().replaceFirst("T(\\d\\d:\\d\\d):.*", " $1 UTC");
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
