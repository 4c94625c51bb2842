package io.github.litestow.sqlite;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import java.util.Optional;

/**
 * What differs between two states of a database. What the engine keeps in it is left out.
 *
 * @param schema tables, indexes, views and triggers that came, went, or are defined otherwise
 * @param tables every table that is in both or in one of them, by name
 * @param rows the changed rows of one table, when that was asked for
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record DatabaseDiff(List<SchemaChange> schema, List<TableDiff> tables, Optional<RowDiff> rows) {

    /** Returns whether nothing differs. */
    public boolean same() {
        return schema.isEmpty() && tables.stream().allMatch(TableDiff::same);
    }

    /**
     * A part of the schema that differs.
     *
     * @param type {@code table}, {@code index}, {@code view} or {@code trigger}
     * @param name its name
     * @param before its definition in the first state; empty when it was not there
     * @param after in the second
     */
    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    public record SchemaChange(String type, String name, Optional<String> before, Optional<String> after) {}

    /**
     * One table.
     *
     * @param table its name
     * @param before how many rows it had in the first state; 0 when it was not there
     * @param after in the second
     * @param added rows whose key is only in the second
     * @param removed rows whose key is only in the first
     * @param changed rows with one key and other values
     * @param note why only the rows were counted, if so
     */
    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    public record TableDiff(
            String table, long before, long after, long added, long removed, long changed, Optional<String> note) {

        boolean same() {
            return before == after && added == 0 && removed == 0 && changed == 0;
        }
    }

    /**
     * Changed rows of a table.
     *
     * @param table its name
     * @param key the columns that tell its rows apart
     * @param rows in the order of the key
     * @param complete whether these are all
     */
    @RegisterForReflection
    public record RowDiff(String table, List<String> key, List<RowChange> rows, boolean complete) {}

    /**
     * One row.
     *
     * @param change whether it was "added", "removed" or "changed"
     * @param key its key, each value as SQLite writes it
     * @param values what differs; of a row that came or went, everything
     */
    @RegisterForReflection
    public record RowChange(String change, List<String> key, List<ValueChange> values) {}

    /**
     * One value, as SQLite writes it.
     *
     * @param column its column
     * @param before empty when the row was not there
     * @param after empty when the row is not there
     */
    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    public record ValueChange(String column, Optional<String> before, Optional<String> after) {}
}
