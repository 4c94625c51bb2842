package io.github.litestow.config;

import static io.github.litestow.config.ConfiguredValue.quoted;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** What secrets may be, and the files that may hold them. Nothing here strips or shows a secret. */
public final class SecretRules {
    /** The engine gets it in its environment, where a question mark would take the character's place. */
    private static final String LOST = "it holds a character that cannot be handed to litestream";

    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private SecretRules() {}

    /** A secret, taken as it is. */
    abstract static class SecretText extends Rules.Rule<Secret> {
        SecretText(String accepted) {
            super(accepted);
        }

        @Override
        public Secret convert(String text) {
            refuseIf(!DecodedText.carried(text), LOST + DecodedText.hintFor(text));
            return new Secret(text);
        }
    }

    /** The S3 key id. */
    public static final class AccessKeyId extends SecretText {
        public AccessKeyId() {
            super("the S3 access key id, together with the secret access key");
        }
    }

    /** The S3 secret. */
    public static final class SecretAccessKey extends SecretText {
        public SecretAccessKey() {
            super("the S3 secret access key, together with the access key id");
        }
    }

    /** The session token. */
    public static final class SessionToken extends SecretText {
        public SessionToken() {
            super("the session token that belongs to temporary S3 keys");
        }
    }

    /** The token of the HTTP actions. */
    public static final class ApiToken extends SecretText {
        static final int SHORTEST = 16;

        public ApiToken() {
            super("at least " + SHORTEST + " characters");
        }

        @Override
        public Secret convert(String text) {
            refuseIf(text.length() < SHORTEST, "the token is too short");
            return new Secret(text);
        }
    }

    /** The file that holds the token of the HTTP actions. */
    public static final class ApiTokenFile extends SecretFile {
        @Override
        public Secret convert(String text) {
            Secret token = super.convert(text);
            refuseIf(
                    token.reveal().length() < ApiToken.SHORTEST,
                    "the token in the file " + quoted(text) + " is too short");
            return token;
        }
    }

    /** Reads a file whole, less a byte order mark and one newline at its end, which editors and {@code echo} leave. */
    public static class SecretFile extends Rules.Rule<Secret> {
        /** No key or token is longer; a wrong path must not fill the memory. */
        private static final int LARGEST = 64 * 1024;

        public SecretFile() {
            super("the path of a readable file that holds the secret");
        }

        @Override
        public Secret convert(String text) {
            refuseIf(!PathRules.possible(text), quoted(text) + " is not a path" + DecodedText.hintFor(text));
            String content = content(text);
            if (content.startsWith(BYTE_ORDER_MARK)) {
                content = content.substring(BYTE_ORDER_MARK.length());
            }
            String secret = content.endsWith("\r\n")
                    ? content.substring(0, content.length() - 2)
                    : content.endsWith("\n") ? content.substring(0, content.length() - 1) : content;
            refuseIf(secret.isEmpty(), "the file " + quoted(text) + " is empty");
            // The environment of the engine cannot carry it, and the JDK would print the value in its complaint.
            refuseIf(secret.indexOf('\0') >= 0, "the file " + quoted(text) + " holds a zero byte");
            refuseIf(
                    !DecodedText.carried(secret),
                    "in the file " + quoted(text) + ", " + LOST + DecodedText.hintFor(secret));
            return new Secret(secret);
        }

        private String content(String path) {
            Path file = Path.of(path);
            refuseIf(Files.isDirectory(file), quoted(path) + " is a folder");
            try (InputStream stream = Files.newInputStream(file)) {
                byte[] bytes = stream.readNBytes(LARGEST + 1);
                refuseIf(bytes.length > LARGEST, "the file " + quoted(path) + " is larger than " + LARGEST + " bytes");
                return StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(bytes))
                        .toString();
            } catch (NoSuchFileException missing) {
                throw refuse("the file " + quoted(path) + " does not exist");
            } catch (CharacterCodingException malformed) {
                throw refuse("the file " + quoted(path) + " is not UTF-8 text");
            } catch (IOException unreadable) {
                throw refuse("the file " + quoted(path) + " cannot be read");
            }
        }
    }
}
