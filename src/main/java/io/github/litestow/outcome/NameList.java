package io.github.litestow.outcome;

import java.util.Collection;
import java.util.stream.Collectors;

/** Many names in one line that stays readable. */
public final class NameList {
    private static final int MOST = 10;

    private NameList() {}

    /** Returns the first names in order, and how many more there are. */
    public static String of(Collection<String> names) {
        String first = names.stream().sorted().limit(MOST).collect(Collectors.joining(", "));
        return names.size() <= MOST ? first : first + " and " + (names.size() - MOST) + " more";
    }
}
