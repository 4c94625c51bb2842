package io.github.litestow.packaged;

import io.github.litestow.application.Sample;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Looks at a replica, and makes one, without Litestow: by its folder, and with the real litestream. */
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

    /** Gives one program a copy of another one's replica. */
    static void copy(PackagedProgram from, PackagedProgram to) throws IOException {
        copy(from.replica(), to.replica());
    }

    /** Makes a copy of a replica. */
    static void copy(Path replica, Path copy) throws IOException {
        try (Stream<Path> files = Files.walk(replica)) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(replica.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
            }
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

    /** Has litestream itself upload a database of its own, with so many rows more than the last time. */
    static void upload(PackagedProgram program, int rows, String... options) {
        Path source = program.root().resolve("elsewhere").resolve("source.db");
        Sample.add(source, rows);
        List<String> command =
                new ArrayList<>(List.of(PackagedProgram.property("litestow.test.litestream"), "replicate", "-once"));
        Collections.addAll(command, options);
        Collections.addAll(command, source.toString(), program.replicaUrl());
        program.runOther(Map.of(), command.toArray(String[]::new)).with(0);
    }
}
