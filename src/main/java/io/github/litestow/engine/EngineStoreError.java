package io.github.litestow.engine;

import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.StoreError;
import io.github.litestow.outcome.StoreRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A row of {@link StoreError}, found in the words of litestream 0.5.17: by the code and the status that
 * it quotes, else by what Go says of connections.
 *
 * @param error the row
 * @param request what the engine asked of the store, if it says so
 * @param region the region that the store says the bucket is in, if the engine quotes it
 */
record EngineStoreError(StoreError error, Optional<StoreRequest> request, Optional<String> region) {
    /** Whatever the service behind the credentials answers, it is not the store that does. */
    private static final Pattern CREDENTIALS = words("failed to refresh cached credentials|get credentials"
            + "|no EC2 IMDS role found|could not find default credentials");

    private static final Pattern CALL = Pattern.compile("operation error S3: (\\w+)");
    private static final Pattern STATUS = Pattern.compile("StatusCode: (\\d{3})\\b");
    private static final Pattern CODE = Pattern.compile("api error ([\\w.]+):");
    /** Errors that Go knows as types are quoted without "api error", and those of Azure in other ways. */
    private static final Pattern KNOWN_CODE = Pattern.compile(StoreError.allCodes().stream()
            .map(Pattern::quote)
            .collect(Collectors.joining("|", "(?<![\\w/.-])(", ")(?!\\w|[/.-]\\w)")));

    private static final int FIRST_ERROR = 300;
    private static final Map<StoreError, Pattern> WORDS = wordsInOrder();

    /** Returns the trouble with a store that an error of the engine speaks of; empty when it speaks of none. */
    static Optional<EngineStoreError> in(String error) {
        return row(error)
                .map(row -> new EngineStoreError(
                        row, first(CALL, error).flatMap(StoreRequest::of), StoreError.expectedRegion(error)));
    }

    private static Optional<StoreError> row(String error) {
        if (CREDENTIALS.matcher(error).find()) {
            return Optional.of(StoreError.KEYS);
        }
        Optional<String> code = first(CODE, error).or(() -> first(KNOWN_CODE, error));
        int status = STATUS.matcher(error)
                .results()
                .reduce((earlier, later) -> later)
                .map(last -> Integer.parseInt(last.group(1)))
                .orElse(0);
        if (status >= FIRST_ERROR) {
            return Optional.of(StoreError.of(status, code.orElse("")));
        }
        return code.flatMap(StoreError::ofCode)
                .or(() -> WORDS.entrySet().stream()
                        .filter(row -> row.getValue().matcher(error).find())
                        .map(Map.Entry::getKey)
                        .findFirst());
    }

    private static Optional<String> first(Pattern pattern, String error) {
        return pattern.matcher(error).results().findFirst().map(found -> found.group(1));
    }

    private static Map<StoreError, Pattern> wordsInOrder() {
        Map<StoreError, Pattern> words = new LinkedHashMap<>();
        words.put(StoreError.NO_BUCKET, words("bucket does not exist"));
        words.put(
                StoreError.NO_STORE,
                words("deserialization failed|no ETag returned|XML syntax error|invalid character '<'"));
        words.put(StoreError.UNKNOWN_HOST, words("no such host|server misbehaving"));
        words.put(StoreError.TLS, words("TLS handshake|tls: |x509: |HTTP response to HTTPS client"));
        words.put(StoreError.CUT_OFF, words("connection reset|broken pipe"));
        words.put(
                StoreError.NO_ANSWER,
                words("connection refused|network is unreachable|no route to host|i/o timeout"
                        + "|context deadline exceeded|request send failed|StatusCode: 0\\b"));
        return words;
    }

    private static Pattern words(String alternatives) {
        return Pattern.compile(alternatives, Pattern.CASE_INSENSITIVE);
    }

    /** Returns the kind of failure that this is. */
    FailureKind kind() {
        return error.kind();
    }

    /** Returns what to do next. */
    String hint() {
        return error.hint(request, region);
    }
}
