package io.github.litestow.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.RecordedPoint;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonObjectsTest {
    /** As Quarkus makes it: lenient. */
    private final JsonObjects objects = new JsonObjects(
            "file:///replica",
            JsonMapper.builder()
                    .findAndAddModules()
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .build());

    @Test
    void what_was_written_is_read_back() throws Failure {
        ReplicaIdentity.IdentityDocument written = new ReplicaIdentity.IdentityDocument("some-id", Optional.empty());
        assertThat(parse(new String(objects.bytes(written), StandardCharsets.UTF_8)))
                .isEqualTo(written);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "{}", "{\"id\":null}", "{\"ie\":\"some-id\"}", "{\"id\":\"some-id\"", "[]"})
    void a_damaged_object_is_named_and_never_read_as_one_that_lacks_a_field(String text) {
        Failure failure = catchThrowableOfType(Failure.class, () -> parse(text));
        assertThat(failure.kind()).isEqualTo(FailureKind.REPLICA_UNREACHABLE);
        assertThat(failure).hasMessageContaining("identity.json");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"points\":[{\"txid\":\"0000000000000001\"}]}",
                "{\"points\":[{\"txid\":\"000000000p000001\",\"time\":\"2026-11-21T12:00:00Z\",\"assurance\":\"proven\"}]}",
                "{\"paints\":[]}"
            })
    void a_damaged_record_of_proofs_is_named(String text) {
        assertThat(catchThrowableOfType(Failure.class, () -> proofs(text))).hasMessageContaining("proofs.json");
    }

    @Test
    void a_record_of_proofs_by_an_earlier_version_is_read() throws Failure {
        String point =
                "{\"txid\":\"0000000000000001\",\"time\":\"2026-11-21T12:00:00Z\"," + "\"assurance\":\"proven\"}";
        RecordedPoint read = proofs("{\"points\":[" + point + "]}").points().get(0);
        assertThat(read.point().words()).isEqualTo("0000000000000001 of 2026-11-21T12:00:00Z, proven");
        assertThat(read.uploadedBy()).isEmpty();
        assertThat(read.files()).isEmpty();
    }

    private ProofRecord.ProofsDocument proofs(String text) throws Failure {
        StoredObject object = new StoredObject(text.getBytes(StandardCharsets.UTF_8), "1");
        return objects.parse("litestow/proofs.json", object, ProofRecord.ProofsDocument.class);
    }

    private ReplicaIdentity.IdentityDocument parse(String text) throws Failure {
        StoredObject object = new StoredObject(text.getBytes(StandardCharsets.UTF_8), "1");
        return objects.parse("litestow/identity.json", object, ReplicaIdentity.IdentityDocument.class);
    }
}
