package io.github.litestow.store.s3;

import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.ReplicaFile;
import io.github.litestow.outcome.StoreRequest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Lists objects, and believes no answer that is not plainly a listing of what was asked for. */
final class S3Listing {
    private final String bucket;
    private final S3Keys keys;
    private final S3Failures failures;
    private final S3Calls calls;

    S3Listing(String bucket, S3Keys keys, S3Failures failures, S3Calls calls) {
        this.bucket = bucket;
        this.keys = keys;
        this.failures = failures;
        this.calls = calls;
    }

    /** Returns all of the engine's files. */
    List<ReplicaFile> files() throws Failure {
        return all(keys.levels()).stream()
                .map(keys::file)
                .flatMap(Optional::stream)
                .toList();
    }

    /** Returns all objects whose keys begin like this. */
    List<S3Object> all(String under) throws Failure {
        List<S3Object> objects = new ArrayList<>();
        Optional<String> token = Optional.empty();
        Set<String> before = new HashSet<>();
        do {
            ListObjectsV2Response page = page(under, token, 1_000);
            objects.addAll(page.contents());
            token = next(page, before);
        } while (token.isPresent());
        return objects;
    }

    /** Returns what is between this and the next slash in the keys that begin like this. */
    List<String> below(String under) throws Failure {
        List<String> names = new ArrayList<>();
        Optional<String> token = Optional.empty();
        Set<String> before = new HashSet<>();
        do {
            String from = token.orElse(null);
            ListObjectsV2Response page = calls.call(
                    StoreRequest.LIST,
                    s3 -> s3.listObjectsV2(list ->
                            list.bucket(bucket).prefix(under).delimiter("/").continuationToken(from)));
            if (!bucket.equals(page.name()) || page.isTruncated() == null) {
                throw failures.strange(StoreRequest.LIST, "the answer is no listing of the bucket " + bucket);
            }
            for (CommonPrefix prefix : page.commonPrefixes()) {
                if (!prefix.prefix().startsWith(under) || !prefix.prefix().endsWith("/")) {
                    throw failures.strange(StoreRequest.LIST, "the answer lists something else than was asked for");
                }
                names.add(prefix.prefix()
                        .substring(under.length(), prefix.prefix().length() - 1));
            }
            token = next(page, before);
        } while (token.isPresent());
        return names;
    }

    /** Goes on where no page before went on and no page ended: a store that begins anew would be listed for ever. */
    private Optional<String> next(ListObjectsV2Response page, Set<String> before) throws Failure {
        if (!Boolean.TRUE.equals(page.isTruncated())) {
            return Optional.empty();
        }
        Optional<String> next = Optional.ofNullable(page.nextContinuationToken());
        Optional<String> end = Stream.concat(
                        page.contents().stream().map(S3Object::key),
                        page.commonPrefixes().stream().map(CommonPrefix::prefix))
                .reduce((one, other) -> other)
                .map(key -> "key " + key);
        boolean known = end.isPresent() && !before.add(end.get());
        if (next.isEmpty() || known || !before.add("token " + next.get())) {
            throw failures.strange(StoreRequest.LIST, "a listing that is cut off and cannot be continued");
        }
        return next;
    }

    /** One page of a listing that is known to be one: an empty or foreign answer parses as well. */
    ListObjectsV2Response page(String under, Optional<String> token, int most) throws Failure {
        ListObjectsV2Response page = calls.call(
                StoreRequest.LIST,
                s3 -> s3.listObjectsV2(
                        list -> list.bucket(bucket).prefix(under).maxKeys(most).continuationToken(token.orElse(null))));
        if (!bucket.equals(page.name()) || page.isTruncated() == null) {
            throw failures.strange(StoreRequest.LIST, "the answer is no listing of the bucket " + bucket);
        }
        boolean ours = (page.prefix() == null || page.prefix().equals(under))
                && page.contents().stream()
                        .allMatch(object -> object.key() != null
                                && object.key().startsWith(under)
                                && object.size() != null
                                && object.lastModified() != null);
        if (!ours) {
            throw failures.strange(StoreRequest.LIST, "the answer lists something else than was asked for");
        }
        return page;
    }
}
