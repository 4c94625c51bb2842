package io.github.litestow.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** What may be asked of S3 for what is stored there, as far as litestream 0.5.17 can be told to ask for it. */
public final class S3Rules {
    private S3Rules() {}

    /** Which encryption at rest. */
    public static final class Encryption extends Rules.Rule<String> {
        /** The one kind that litestream can ask for. */
        public static final String KMS = "aws:kms";

        public Encryption() {
            super("aws:kms, together with s3.sse-kms-key-id");
        }

        @Override
        public String convert(String text) {
            refuseIf(
                    text.equals("AES256"),
                    "litestream cannot be told to ask for AES256: set it as the bucket's default encryption (on AWS it is"
                            + " that since 2023) and leave this out");
            refuseIf(!text.equals(KMS), "'" + text + "' is no encryption that litestream can ask for");
            return text;
        }
    }

    /** Which key. */
    public static final class KmsKey extends Rules.Rule<String> {
        private static final Pattern KEY = Pattern.compile("[A-Za-z0-9:/_.-]{1,2048}");

        public KmsKey() {
            super("a KMS key id, ARN or alias");
        }

        @Override
        public String convert(String text) {
            refuseIf(!KEY.matcher(text).matches(), "'" + text + "' is no KMS key id");
            return text;
        }
    }

    /** Which storage class. */
    public static final class StorageClass extends Rules.Rule<String> {
        private static final Pattern NAME = Pattern.compile("[A-Z0-9_]{1,64}");
        private static final Set<String> ARCHIVES = Set.of("GLACIER", "DEEP_ARCHIVE");

        public StorageClass() {
            super("a storage class that is read at once, such as STANDARD_IA or INTELLIGENT_TIERING");
        }

        @Override
        public String convert(String text) {
            String name = text.toUpperCase(Locale.ROOT);
            refuseIf(
                    ARCHIVES.contains(name),
                    "what is stored as " + name
                            + " must be brought back before it can be read: nothing could be proven");
            refuseIf(!NAME.matcher(name).matches(), "'" + text + "' is no storage class");
            return name;
        }
    }

    /** Which retention the bucket must have. */
    public static final class Lock extends Rules.Rule<ObjectLock> {
        private static final List<String> NAMES =
                Arrays.stream(ObjectLock.values()).map(ObjectLock::label).toList();

        public Lock() {
            super("off, governance, compliance");
        }

        @Override
        public ObjectLock convert(String text) {
            String name = text.toLowerCase(Locale.ROOT);
            refuseIf(!NAMES.contains(name), "'" + text + "' is none of these");
            return ObjectLock.valueOf(name.toUpperCase(Locale.ROOT));
        }
    }
}
