package io.github.litestow.packaged;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/** Looks at a replica without Litestow: by listing its folder, and with the real litestream. */
final class Replicas {

    private Replicas() {}

    /** Returns the newest transaction id, or an empty text when the replica holds nothing. */
    static String head(Path replica) {
        Path ltx = replica.resolve("ltx");
        if (!Files.exists(ltx)) {
            return "";
        }
        try (Stream<Path> files = Files.walk(ltx)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".ltx"))
                    .map(name -> name.substring(name.indexOf('-') + 1, name.length() - ".ltx".length()))
                    .max(String::compareTo)
                    .orElse("");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns how many rows litestream itself brings back. */
    static int rows(PackagedProgram program) {
        Path output = program.root().resolve("by-litestream-" + System.nanoTime() + ".db");
        program.runOther(
                        Map.of(),
                        PackagedProgram.property("litestow.test.litestream"),
                        "restore",
                        "-o",
                        output.toString(),
                        program.replicaUrl())
                .with(0);
        return Sample.rows(output);
    }
}
