package io.github.litestow.store.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.engine.EngineSays;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.StoreError;
import io.github.litestow.outcome.StoreRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * A store's error has one meaning, whether our own client met it or the engine: the same kind, and the
 * same hint. The forms of the engine's errors are those of litestream 0.5.17.
 */
class StoreErrorTest {
    private static final S3Failures OURS = new S3Failures("s3://bucket/path", "http://127.0.0.1:9000", Set.of());

    static Stream<String> codes() {
        return Stream.concat(StoreError.allCodes().stream().sorted(), Stream.of("KMS.SomethingNew", "SomethingNew"));
    }

    @ParameterizedTest
    @MethodSource("codes")
    void a_code_means_the_same_to_both_sides(String code) {
        agree(ours(400, code, "no"), engines(400, "ListObjectsV2", "api error " + code + ": no"));
        // As errors are quoted that Go knows as types.
        if (StoreError.allCodes().contains(code)) {
            agree(ours(400, code, "no"), engines(400, "ListObjectsV2", code + ": no"));
        }
    }

    @Test
    void a_connection_that_java_loses_while_it_is_given_up_is_a_store_that_does_not_answer() {
        RuntimeException lost = new RuntimeException(new NullPointerException("\"this.http\" is null"));
        RuntimeException broken = new UncheckedIOException(new SocketException("Broken pipe"));

        for (RuntimeException one : new RuntimeException[] {lost, broken}) {
            assertThat(S3Calls.asSdk(one))
                    .isInstanceOfSatisfying(
                            SdkException.class,
                            e -> assertThat(OURS.of(StoreRequest.LIST, e).kind())
                                    .isEqualTo(FailureKind.REPLICA_UNREACHABLE));
        }
    }

    @ParameterizedTest
    @MethodSource("codes")
    void a_code_outranks_the_status_on_both_sides(String code) {
        if (StoreError.ofCode(code).isPresent()) {
            for (int status : new int[] {301, 403, 404, 409, 500, 503}) {
                Failure failure = ours(status, code, "no");
                assertThat(failure.kind())
                        .isEqualTo(StoreError.ofCode(code).orElseThrow().kind());
                agree(failure, engines(status, "ListObjectsV2", "api error " + code + ": no"));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "301, MovedPermanently, REPLICA_UNREACHABLE",
        "400, BadRequest, REPLICA_UNREACHABLE",
        "401, Unauthorized, ACCESS_DENIED",
        "403, Forbidden, ACCESS_DENIED",
        "404, NotFound, REPLICA_UNREACHABLE",
        "405, MethodNotAllowed, REPLICA_UNREACHABLE",
        "429, TooManyRequests, THROTTLED",
        "500, InternalServerError, REPLICA_UNREACHABLE",
        "501, NotImplemented, REPLICA_UNREACHABLE",
        "502, BadGateway, REPLICA_UNREACHABLE",
        "503, ServiceUnavailable, THROTTLED",
        "504, GatewayTimeout, REPLICA_UNREACHABLE",
        "507, InsufficientStorage, ACCESS_DENIED"
    })
    void a_status_without_a_code_means_the_same_to_both_sides(int status, String goName, FailureKind kind) {
        Failure failure = ours(status, null, null);
        assertThat(failure.kind()).isEqualTo(kind);
        // Go makes up a code from the status when the body is empty, or is a page of a proxy.
        agree(failure, engines(status, "ListObjectsV2", "api error " + goName + ": x"));
        agree(
                failure,
                engines(status, "ListObjectsV2", "error while deserializing xml error response : XML syntax error"));
    }

    @ParameterizedTest
    @EnumSource(
            value = StoreRequest.class,
            names = {"LIST", "READ", "WRITE", "DELETE"})
    void the_missing_permission_is_named_by_both_sides(StoreRequest request) {
        String call = switch (request) {
            case LIST -> "ListObjectsV2";
            case READ -> "GetObject";
            case WRITE -> "UploadPart";
            case DELETE -> "DeleteObjects";
            default -> throw new IllegalArgumentException(request + " is not the engine's");
        };
        Failure failure = OURS.of(request, exception(403, "AccessDenied", "Access Denied"));
        assertThat(failure.hint()).contains(request.permission());
        agree(failure, engines(403, call, "api error AccessDenied: Access Denied"));
    }

    @Test
    void the_right_region_is_named_by_both_sides() {
        String message = "the region 'us-east-1' is wrong; expecting 'eu-north-1'";
        Failure failure = ours(400, "AuthorizationHeaderMalformed", message);
        assertThat(failure.hint()).contains("LITESTOW_S3_REGION=eu-north-1");
        agree(failure, engines(400, "ListObjectsV2", "api error AuthorizationHeaderMalformed: " + message));
    }

    static Stream<Arguments> connections() {
        return Stream.of(
                Arguments.of(
                        new ConnectException("Connection refused"),
                        "dial tcp 127.0.0.1:1: connect: connection refused"),
                Arguments.of(new NoRouteToHostException("No route to host"), "dial tcp 10.0.0.1:9: no route to host"),
                Arguments.of(new SocketTimeoutException("Read timed out"), "read tcp 127.0.0.1:1: i/o timeout"),
                Arguments.of(new UnknownHostException("nowhere"), "dial tcp: lookup nowhere.invalid: no such host"),
                Arguments.of(
                        new SSLHandshakeException("PKIX"),
                        "tls: failed to verify certificate: x509: unknown authority"),
                Arguments.of(
                        new SocketException("Connection reset"), "read tcp 127.0.0.1:1: connection reset by peer"));
    }

    @ParameterizedTest
    @MethodSource("connections")
    void a_connection_that_fails_means_the_same_to_both_sides(IOException ours, String engines) {
        SdkException exception = SdkClientException.create("Unable to execute HTTP request", ours);
        agree(
                OURS.of(StoreRequest.LIST, exception),
                engines(0, "ListObjectsV2", "request send failed, Get \"http://127.0.0.1:1/b\": " + engines));
    }

    @Test
    void missing_credentials_mean_the_same_to_both_sides() {
        SdkException exception = SdkClientException.create(
                "Unable to load credentials from any of the providers"
                        + " in the chain AwsCredentialsProviderChain(credentialsProviders=[SystemPropertyCredentialsProvider()])");
        assertThat(OURS.of(StoreRequest.LIST, exception))
                .hasMessageEndingWith(": no keys were found")
                .hasMessageNotContaining("Provider");
        Failure engines =
                EngineSays.failure("operation error S3: ListObjectsV2, get identity: get credentials: failed to"
                        + " refresh cached credentials, operation error STS: AssumeRoleWithWebIdentity, https response error"
                        + " StatusCode: 403, RequestID: 1, api error AccessDenied: Not authorized");
        assertThat(engines.kind()).isEqualTo(FailureKind.ACCESS_DENIED);
        agree(OURS.of(StoreRequest.LIST, exception), engines);
    }

    @Test
    void no_code_is_in_two_rows() {
        assertThat(Arrays.stream(StoreError.values()).flatMap(row -> row.codes().stream()))
                .doesNotHaveDuplicates()
                .isNotEmpty();
    }

    @Test
    void a_name_that_holds_a_code_is_not_taken_for_one() {
        Failure failure = EngineSays.failure("open /data/SlowDown.db: no space left on device");
        assertThat(failure.kind()).isEqualTo(FailureKind.DISK);
    }

    private static void agree(Failure ours, Failure engines) {
        assertThat(engines.kind()).as(engines.getMessage()).isEqualTo(ours.kind());
        assertThat(engines.hint()).as(engines.getMessage()).isEqualTo(ours.hint());
    }

    private static Failure ours(int status, String code, String message) {
        return OURS.of(StoreRequest.LIST, exception(status, code, message));
    }

    private static SdkException exception(int status, String code, String message) {
        return S3Exception.builder()
                .statusCode(status)
                .awsErrorDetails(AwsErrorDetails.builder()
                        .errorCode(code)
                        .errorMessage(message)
                        .build())
                .build();
    }

    private static Failure engines(int status, String call, String rest) {
        return EngineSays.failure("operation error S3: " + call + ", https response error StatusCode: " + status
                + ", RequestID: 1, HostID: , " + rest);
    }
}
