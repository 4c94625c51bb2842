package io.github.litestow.run.compare;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.github.litestow.sqlite.DatabaseDiff;
import io.github.litestow.sqlite.DatabaseDiff.RowChange;
import io.github.litestow.sqlite.DatabaseDiff.RowDiff;
import io.github.litestow.sqlite.DatabaseDiff.SchemaChange;
import io.github.litestow.sqlite.DatabaseDiff.TableDiff;
import io.github.litestow.sqlite.DatabaseDiff.ValueChange;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What differs between two states of a database.
 *
 * @param database its name
 * @param from the first: a transaction
 * @param to the second: a transaction, or {@code local}
 * @param diff what differs
 */
@RegisterForReflection
public record PointDiff(
        String database,
        String from,
        String to,
        @JsonUnwrapped DatabaseDiff diff) {

    /** Returns the same for a person. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(database + ": " + from + " to " + to + (diff.same() ? ": the same schema and rows" : ""));
        diff.schema().forEach(change -> lines.add("  schema  " + words(change)));
        diff.tables().stream().filter(table -> !same(table)).forEach(table -> lines.add("  table   " + words(table)));
        diff.rows().ifPresent(rows -> lines.addAll(rows(rows)));
        return lines;
    }

    private static boolean same(TableDiff table) {
        return table.before() == table.after() && table.added() + table.removed() + table.changed() == 0;
    }

    private static String words(SchemaChange change) {
        String what = change.before().isEmpty() && change.after().isEmpty()
                ? "changed"
                : change.before().isEmpty() ? "added" : change.after().isEmpty() ? "removed" : "changed";
        return change.type() + " " + change.name() + " " + what
                + change.after().map(sql -> ": " + sql.replaceAll("\\s+", " ")).orElse("");
    }

    private static String words(TableDiff table) {
        return String.format(
                        Locale.ROOT,
                        "%s: %,d %s, then %,d; %,d added, %,d removed, %,d changed",
                        table.table(),
                        table.before(),
                        table.before() == 1 ? "row" : "rows",
                        table.after(),
                        table.added(),
                        table.removed(),
                        table.changed())
                + table.note().map(note -> " (" + note + ")").orElse("");
    }

    private static List<String> rows(RowDiff rows) {
        List<String> lines = new ArrayList<>();
        rows.rows().forEach(row -> lines.add("  row     " + row.change() + " " + key(rows, row) + ": " + values(row)));
        if (!rows.complete()) {
            lines.add("  and more rows of " + rows.table());
        }
        return lines;
    }

    private static String key(RowDiff rows, RowChange row) {
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < row.key().size(); i++) {
            parts.add(rows.key().get(i) + "=" + row.key().get(i));
        }
        return String.join(", ", parts);
    }

    private static String values(RowChange row) {
        return row.values().stream().map(PointDiff::words).collect(Collectors.joining(", "));
    }

    private static String words(ValueChange value) {
        String before = value.before().orElse("");
        String after = value.after().orElse("");
        boolean both = value.before().isPresent() && value.after().isPresent();
        return value.column() + " " + (both ? before + " to " + after : before + after);
    }
}
