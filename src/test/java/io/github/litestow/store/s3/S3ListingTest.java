package io.github.litestow.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.litestow.config.ReplicaUrl;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.ReplicaFile;
import io.github.litestow.s3.FaultProxy;
import io.github.litestow.s3.FaultProxy.Request;
import io.github.litestow.s3.S3Server;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Listings in pages, as stores cut them. */
@Timeout(30)
class S3ListingTest {
    private static final ReplicaUrl REPLICA = new ReplicaUrl("s3://" + S3Server.BUCKET + "/path", "s3");

    /** What is asked of a store. */
    private interface Question<T> {
        T ask(S3Connection store) throws Failure;
    }

    /** What is listed by a store that answers each token with a page. */
    private static List<ReplicaFile> listed(Function<String, String> pages) throws IOException, Failure {
        return listed(pages, store -> new S3Store(REPLICA, store).ltxFiles());
    }

    private static <T> T listed(Function<String, String> pages, Question<T> question) throws IOException, Failure {
        try (FaultProxy store = new FaultProxy(
                        URI.create("http://127.0.0.1:1"),
                        request -> Optional.of(FaultProxy.answer(200, "application/xml", pages.apply(token(request)))))
                .start()) {
            S3Connection connection = new S3Connection(S3Server.settings(store.endpoint()), Map.of());
            return question.ask(connection);
        }
    }

    private static String token(Request request) {
        for (String parameter : request.target().replaceFirst("^[^?]*[?]", "").split("&", -1)) {
            if (parameter.startsWith("continuation-token=")) {
                return URLDecoder.decode(parameter.split("=", 2)[1], StandardCharsets.UTF_8);
            }
        }
        return "";
    }

    /** A page of one file, or of none for 0. */
    private static String page(int txid, Optional<String> next) {
        String key = "path/0000/%016x-%016x.ltx".formatted(txid, txid);
        String contents = txid == 0
                ? ""
                : "<Contents><Key>" + key + "</Key><LastModified>2026-12-01T00:00:00.000Z</LastModified>"
                        + "<ETag>&quot;1&quot;</ETag><Size>1</Size></Contents>";
        return "<ListBucketResult><Name>" + S3Server.BUCKET + "</Name><IsTruncated>"
                + next.isPresent() + "</IsTruncated>"
                + next.map(token -> "<NextContinuationToken>" + token + "</NextContinuationToken>")
                        .orElse("")
                + contents + "</ListBucketResult>";
    }

    private static void assertNoListing(Function<String, String> pages) {
        assertNoListing(pages, store -> new S3Store(REPLICA, store).ltxFiles());
    }

    private static void assertNoListing(Function<String, String> pages, Question<?> question) {
        assertThat(catchThrowableOfType(Failure.class, () -> listed(pages, question)))
                .satisfies(failure -> assertThat(failure.kind()).isEqualTo(FailureKind.REPLICA_UNREACHABLE))
                .hasMessageContaining("cannot be continued");
    }

    @Test
    void pages_of_one_file_or_none_with_odd_tokens_are_put_together() throws Exception {
        assertThat(listed(token -> switch (token) {
                    case "" -> page(1, Optional.of("a+b/=?"));
                    case "a+b/=?" -> page(0, Optional.of("ä %41"));
                    case "ä %41" -> page(2, Optional.of("0"));
                    default -> page(3, Optional.empty());
                }))
                .hasSize(3);
    }

    @Test
    void tokens_that_go_in_a_circle_are_no_listing_and_do_not_go_on_for_ever() {
        assertNoListing(token -> switch (token) {
            case "a" -> page(0, Optional.of("b"));
            default -> page(0, Optional.of("a"));
        });
    }

    @Test
    void a_store_that_knows_no_tokens_and_begins_anew_is_no_listing() {
        assertNoListing(token -> page(1, Optional.of(token + "x")));
    }

    @Test
    void of_prefixes_too_a_store_that_begins_anew_is_no_listing() {
        String prefix = "<CommonPrefixes><Prefix>path/one/</Prefix></CommonPrefixes></ListBucketResult>";
        assertNoListing(
                token -> page(0, Optional.of(token + "x")).replace("</ListBucketResult>", prefix),
                store -> S3Store.below(REPLICA, store));
    }

    @Test
    void a_listing_that_says_it_is_cut_off_and_not_where_is_none() {
        assertNoListing(token -> page(1, Optional.of("")).replaceAll("<NextContinuationToken>.*?</NextC.*?>", ""));
    }
}
