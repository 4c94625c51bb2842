package io.github.litestow.lease;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Somebody else writes a lease of their own, as after a pause that was too long. */
final class TakeOver {
    private TakeOver() {}

    static void of(Path replica) {
        try {
            Files.writeString(
                    replica.resolve("litestow/lease.json"),
                    new ObjectMapper()
                            .writeValueAsString(
                                    Map.of("holder", "x", "who", "another service", "ttlMillis", 60_000, "mark", "y")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
