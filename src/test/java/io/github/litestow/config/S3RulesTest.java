package io.github.litestow.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What S3 is asked for is what the engine can ask for as well; everything else is refused with the reason. */
class S3RulesTest {
    @TempDir
    Path temp;

    @Test
    void a_key_and_a_storage_class_are_taken_over() {
        ConfiguredDatabase database = TestConfig.working(temp)
                .env("LITESTOW_S3_SSE", "aws:kms")
                .env("LITESTOW_S3_SSE_KMS_KEY_ID", "arn:aws:kms:eu-central-1:1:key/12-ab")
                .env("LITESTOW_S3_STORAGE_CLASS", "intelligent_tiering")
                .database();
        assertThat(database.s3().storing().kmsKeyId()).contains("arn:aws:kms:eu-central-1:1:key/12-ab");
        assertThat(database.s3().storing().storageClass()).contains("INTELLIGENT_TIERING");
    }

    @ParameterizedTest
    @CsvSource({
        "LITESTOW_S3_SSE,           AES256,       cannot be told to ask for AES256",
        "LITESTOW_S3_SSE,           aws:kms,      the key is missing",
        "LITESTOW_S3_SSE,           yes,          is no encryption that litestream can ask for",
        "LITESTOW_S3_SSE_KMS_KEY_ID, a key,       is no KMS key id",
        "LITESTOW_S3_STORAGE_CLASS, DEEP_ARCHIVE, must be brought back before it can be read",
        "LITESTOW_S3_OBJECT_LOCK,   yes,          is none of these",
        "LITESTOW_BANDWIDTH,        10M,          cannot be told to go slower",
    })
    void what_the_engine_cannot_be_told_is_refused_with_the_reason(String name, String value, String reason) {
        assertThatExceptionOfType(InvalidSettings.class)
                .isThrownBy(() -> TestConfig.working(temp).env(name, value).read())
                .satisfies(refused -> assertThat(refused.mistakes().toString()).contains(reason, name));
    }

    @Test
    void a_lock_is_wanted_of_a_bucket_and_of_nothing_else() {
        ConfiguredDatabase database = TestConfig.working(temp)
                .env("LITESTOW_S3_OBJECT_LOCK", "Compliance")
                .database();
        assertThat(database.s3().storing().lock()).isEqualTo(ObjectLock.COMPLIANCE);
        assertThatExceptionOfType(InvalidSettings.class)
                .isThrownBy(() -> TestConfig.working(temp)
                        .env("REPLICA_URL", "file://" + temp.resolve("replica"))
                        .env("LITESTOW_S3_OBJECT_LOCK", "governance")
                        .read())
                .satisfies(refused ->
                        assertThat(refused.mistakes().toString()).contains("only a bucket has an object lock"));
    }
}
