package io.github.litestow.run;

import static io.github.litestow.host.Host.assertFailed;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.host.Host;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nobody is told to replace a file that may be an encrypted database without being told of that. */
class EncryptedDatabaseTest {
    @TempDir
    Path folder;

    private Host host;

    @BeforeEach
    void aHost() {
        host = new Host(folder.resolve("data"), folder.resolve("replica"));
    }

    private Outcome.Failed refusal(byte[] content) throws IOException {
        Files.write(host.file().file(), content);
        Outcome outcome = host.keep();
        assertFailed(outcome, FailureKind.SOURCE_DAMAGED);
        return (Outcome.Failed) outcome;
    }

    /** Nothing readable as SQLCipher writes it, or its plain header of 32 bytes, or SEE's bytes 16 to 23. */
    @ParameterizedTest
    @ValueSource(ints = {512, 4096, 1 << 20})
    void one_that_looks_encrypted_is_named_as_such(int size) throws IOException {
        byte[] content = new byte[size];
        new Random(7).nextBytes(content);

        Outcome.Failed failed = refusal(content);
        assertThat(failed.cause()).contains("may be an encrypted one");
        assertThat(failed.hint()).contains("If it is encrypted").contains("If it is not");

        byte[] magic = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(magic, 0, content, 0, magic.length);
        System.arraycopy(new byte[] {16, 0, 1, 1, 0, 64, 32, 32}, 0, content, 16, 8);
        assertThat(refusal(content).cause()).contains("may be an encrypted one");
    }

    @Test
    void one_that_is_something_else_is_not() throws IOException {
        Outcome.Failed failed = refusal("no database at all ".repeat(512).getBytes(StandardCharsets.US_ASCII));

        assertThat(failed.cause()).doesNotContain("encrypted");
        assertThat(failed.hint()).contains("restore --replace");
    }
}
