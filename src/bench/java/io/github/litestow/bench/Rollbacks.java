package io.github.litestow.bench;

import io.github.litestow.host.Host;
import io.github.litestow.run.RollbackTrial;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** {@code bench/rollbacks}: random bad migrations, each rolled back, and forward, and back again. */
final class Rollbacks {
    private Rollbacks() {}

    /** Arguments: how many (100), the first seed (1). */
    public static void main(String... arguments) throws Exception {
        int trials = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 100;
        long first = arguments.length > 1 ? Long.parseLong(arguments[1]) : 1;
        int lost = 0;
        long began = System.nanoTime();
        for (long seed = first; seed < first + trials; seed++) {
            Path folder = Files.createTempDirectory("litestow-rollbacks");
            try {
                new RollbackTrial(seed, folder).run();
            } catch (AssertionError | Exception wrong) {
                lost++;
                String words = String.valueOf(wrong.getMessage());
                System.out.printf(
                        Locale.ROOT, "seed %d: %s%n", seed, words.substring(0, Math.min(words.length(), 600)));
            } finally {
                Host.delete(folder);
            }
        }
        System.out.printf(
                Locale.ROOT,
                "%d rollbacks of random migrations in %.0f s: %d lost rows or went wrong%n",
                trials,
                (System.nanoTime() - began) / 1e9,
                lost);
        System.exit(lost == 0 ? 0 : 1);
    }
}
