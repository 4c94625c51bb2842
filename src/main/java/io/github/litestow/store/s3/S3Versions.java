package io.github.litestow.store.s3;

import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.StoreRequest;
import io.github.litestow.store.ObjectVersion;
import io.github.litestow.store.ObjectVersions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsResponse;

/** Every version of the objects below a path of a bucket. */
final class S3Versions implements ObjectVersions {
    private final String bucket;
    private final S3Keys keys;
    private final S3Failures failures;
    private final S3Calls calls;

    S3Versions(String bucket, S3Keys keys, S3Failures failures, S3Calls calls) {
        this.bucket = bucket;
        this.keys = keys;
        this.failures = failures;
        this.calls = calls;
    }

    @Override
    public List<ObjectVersion> ofFiles() throws Failure {
        return below(keys.levels());
    }

    @Override
    public List<ObjectVersion> of(String key) throws Failure {
        return below(keys.of(key)).stream()
                .filter(version -> version.key().equals(key))
                .toList();
    }

    private List<ObjectVersion> below(String under) throws Failure {
        // S3 lists the newest first, and its times are whole seconds: the order says more than they do.
        List<ObjectVersion> versions = new ArrayList<>();
        Optional<ListObjectVersionsResponse> page = Optional.empty();
        do {
            String key = page.map(ListObjectVersionsResponse::nextKeyMarker).orElse(null);
            String id =
                    page.map(ListObjectVersionsResponse::nextVersionIdMarker).orElse(null);
            ListObjectVersionsResponse next = calls.call(
                    StoreRequest.LIST_VERSIONS,
                    s3 -> s3.listObjectVersions(list ->
                            list.bucket(bucket).prefix(under).keyMarker(key).versionIdMarker(id)));
            if (!bucket.equals(next.name()) || next.isTruncated() == null) {
                throw failures.strange(
                        StoreRequest.LIST_VERSIONS, "the answer is no listing of versions in the bucket " + bucket);
            }
            boolean stuck = next.isTruncated()
                    && (next.nextKeyMarker() == null
                            || (next.nextKeyMarker().equals(key)
                                    && String.valueOf(next.nextVersionIdMarker())
                                            .equals(String.valueOf(id))));
            if (stuck) {
                throw failures.strange(StoreRequest.LIST_VERSIONS, "a listing that is cut off and cannot be continued");
            }
            for (software.amazon.awssdk.services.s3.model.ObjectVersion one : next.versions()) {
                boolean whole = one.key() != null
                        && one.key().startsWith(under)
                        && one.size() != null
                        && one.lastModified() != null;
                if (!whole) {
                    throw failures.strange(
                            StoreRequest.LIST_VERSIONS, "the answer lists something else than was asked for");
                }
                versions.add(new ObjectVersion(
                        keys.relative(one.key()),
                        one.versionId(),
                        one.size(),
                        VersionTime.of(one.versionId(), one.lastModified())));
            }
            page = Optional.of(next);
        } while (page.get().isTruncated());
        Collections.reverse(versions);
        return List.copyOf(versions);
    }

    @Override
    public byte[] read(ObjectVersion version, long from, int length) throws Failure {
        long end = Math.min(version.bytes(), from + length);
        if (from >= end) {
            return new byte[0];
        }
        return calls.call(
                StoreRequest.READ_VERSION,
                s3 -> s3.getObject(
                        get -> get.bucket(bucket)
                                .key(keys.absolute(version.key()))
                                .versionId(version.id())
                                .range("bytes=" + from + "-" + (end - 1)),
                        (response, body) -> {
                            // Without a content range the whole object comes.
                            body.skipNBytes(response.contentRange() == null ? from : 0);
                            return body.readNBytes((int) (end - from));
                        }));
    }
}
