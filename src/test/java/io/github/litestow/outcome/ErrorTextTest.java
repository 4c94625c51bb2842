package io.github.litestow.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ErrorTextTest {

    static Stream<Arguments> reasons() {
        return Stream.of(
                Arguments.of(new AccessDeniedException("/a/b"), "permission denied"),
                Arguments.of(new NoSuchFileException("/a/b"), "it does not exist"),
                Arguments.of(new FileAlreadyExistsException("/a/b"), "it exists already"),
                Arguments.of(new NotDirectoryException("/a/b"), "it is not a folder"),
                Arguments.of(new DirectoryNotEmptyException("/a/b"), "the folder is not empty"),
                Arguments.of(new FileSystemException("/a/b", null, "Read-only file system"), "Read-only file system"),
                Arguments.of(new IOException("No space left on device"), "No space left on device"),
                Arguments.of(new IOException("bad\n at [Source: x]"), "bad"),
                Arguments.of(new UnknownHostException("nowhere"), "unknown host nowhere"),
                Arguments.of(new UncheckedIOException(new AccessDeniedException("/a/b")), "permission denied"),
                Arguments.of(new EOFException(), "no reason given (EOFException)"));
    }

    @ParameterizedTest
    @MethodSource("reasons")
    void every_reason_is_in_a_persons_words(Exception e, String words) {
        assertThat(ErrorText.sentence("cannot write /a/b", e)).isEqualTo("cannot write /a/b: " + words);
    }

    @Test
    void a_file_that_was_not_named_yet_is_named(@TempDir Path folder) throws IOException {
        try {
            Files.readString(folder, StandardCharsets.UTF_8);
        } catch (IOException e) {
            assertThat(ErrorText.sentence("cannot go on", e)).isEqualTo("cannot go on: Is a directory");
        }
        assertThat(ErrorText.sentence("cannot delete /a", new AccessDeniedException("/a-b/c")))
                .isEqualTo("cannot delete /a: permission denied (/a-b/c)");
    }
}
