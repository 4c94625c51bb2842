package io.github.litestow;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The tables of {@code docs/reference}, as the tests that hold them against the code read them. */
public final class ReferenceTable {

    private ReferenceTable() {}

    /**
     * Returns the rows of the tables of a file, one list per table, without heads.
     *
     * @param columns how many columns to keep, from the left; what is right of them is free
     */
    public static List<List<String>> read(String file, int columns) {
        Path path = Path.of(System.getProperty("litestow.test.basedir"), "docs/reference", file);
        List<List<String>> tables = new ArrayList<>();
        boolean within = false;
        try {
            for (String line : Files.readAllLines(path)) {
                boolean row = line.startsWith("|");
                if (row && !within) {
                    tables.add(new ArrayList<>());
                }
                within = row;
                if (row) {
                    tables.get(tables.size() - 1).add(row(cells(line).subList(0, columns)));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // Less the head and the rule below it.
        return tables.stream().map(table -> table.subList(2, table.size())).toList();
    }

    /** Returns a row as {@link #read} does. */
    public static String row(List<String> cells) {
        return "| " + String.join(" | ", cells) + " |";
    }

    /** Returns what stands for itself. */
    public static String literal(String text) {
        return "`" + text + "`";
    }

    private static List<String> cells(String line) {
        return Arrays.stream(line.split("(?<!\\\\)\\|", -1))
                .skip(1)
                .map(cell -> cell.strip().replace("\\|", "|"))
                .toList();
    }
}
