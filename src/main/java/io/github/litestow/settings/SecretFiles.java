package io.github.litestow.settings;

import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** Secrets, from their setting or from the file that its {@code _FILE} twin names. */
final class SecretFiles {
    /** No key or token is longer; a wrong path must not fill the memory. */
    private static final int LARGEST = 64 * 1024;

    private SecretFiles() {}

    /** A secret and where it was set. */
    record Found(Given given, Secret secret) {}

    /**
     * Looks for a secret on the levels of the lookup; on the first that sets it, either the setting
     * or its twin may be set, not both.
     */
    static Optional<Found> find(Lookup lookup, Setting setting) throws Failure {
        for (Lookup level : lookup.levels()) {
            Optional<Given> value = level.given(setting);
            Optional<Given> file = level.given(setting.fileTwin().orElseThrow());
            if (value.isPresent() && file.isPresent()) {
                throw new Failure(
                        FailureKind.SETTINGS,
                        value.get().origin() + " and " + file.get().origin() + ": both are set; accepted: one of them",
                        "remove one of the two");
            }
            if (value.isPresent()) {
                return Optional.of(new Found(value.get(), new Secret(value.get().text())));
            }
            if (file.isPresent()) {
                return Optional.of(new Found(file.get(), read(file.get())));
            }
        }
        return Optional.empty();
    }

    /** Reads a file whole, less one newline at its end, which editors and {@code echo} leave behind. */
    static Secret read(Given given) throws Failure {
        Path file = Values.path(given);
        String text = text(given, file);
        String secret = text.endsWith("\r\n")
                ? text.substring(0, text.length() - 2)
                : text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
        if (secret.isEmpty()) {
            throw given.refuse("the file " + given.shown() + " is empty");
        }
        // The environment of the engine cannot carry it, and the JDK would print the value in its complaint.
        if (secret.indexOf('\0') >= 0) {
            throw given.refuse("the file " + given.shown() + " holds a zero byte");
        }
        return new Secret(secret);
    }

    private static String text(Given given, Path file) throws Failure {
        if (Files.isDirectory(file)) {
            throw given.refuse(given.shown() + " is a folder");
        }
        try (InputStream stream = Files.newInputStream(file)) {
            byte[] bytes = stream.readNBytes(LARGEST + 1);
            if (bytes.length > LARGEST) {
                throw given.refuse("the file " + given.shown() + " is larger than " + LARGEST + " bytes");
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (NoSuchFileException missing) {
            throw given.refuse("the file " + given.shown() + " does not exist", missing);
        } catch (CharacterCodingException malformed) {
            throw given.refuse("the file " + given.shown() + " is not UTF-8 text", malformed);
        } catch (IOException unreadable) {
            throw given.refuse("the file " + given.shown() + " cannot be read", unreadable);
        }
    }
}
