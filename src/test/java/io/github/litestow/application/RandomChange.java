package io.github.litestow.application;

import java.util.Random;

/** Something that an application may do to the table {@code t}. */
public final class RandomChange {
    private RandomChange() {}

    /** Returns a statement. */
    public static String of(Random random) {
        int some = random.nextInt(20) + 2;
        String half = "WHERE id % " + some + " = " + random.nextInt(some);
        return switch (random.nextInt(8)) {
            case 0 -> "DELETE FROM t " + half;
            case 1 -> "VACUUM";
            case 2 ->
                "INSERT INTO t (note) SELECT hex(randomblob(" + random.nextInt(3_000) + ")) FROM t " + half
                        + " LIMIT 50";
            case 3 -> "CREATE INDEX IF NOT EXISTS i ON t (note)";
            case 4 -> "DROP INDEX IF EXISTS i";
            case 5 -> "INSERT INTO t (note) VALUES (zeroblob(" + random.nextInt(200_000) + "))";
            default -> "UPDATE t SET note = hex(randomblob(" + random.nextInt(200) + ")) " + half;
        };
    }
}
