package io.github.litestow.store.s3;

import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.StoreRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;
import software.amazon.awssdk.services.s3.model.MultipartUpload;

/**
 * Uploads in parts that were begun below a replica's path and never finished, as by an engine that was
 * killed: nobody lists their parts, and they are paid for until somebody gives them up.
 */
final class S3Uploads {
    private final String bucket;
    private final S3Keys keys;
    private final S3Calls calls;

    S3Uploads(String bucket, S3Keys keys, S3Calls calls) {
        this.bucket = bucket;
        this.keys = keys;
        this.calls = calls;
    }

    /** Gives up those of the engine's files that began before a time, and returns how many there were. */
    int abort(Instant begunBefore) throws Failure {
        List<MultipartUpload> old = all().stream()
                .filter(upload -> upload.key() != null && upload.uploadId() != null && upload.initiated() != null)
                .filter(upload ->
                        upload.key().startsWith(keys.levels()) && upload.key().endsWith(".ltx"))
                .filter(upload -> upload.initiated().isBefore(begunBefore))
                .toList();
        for (MultipartUpload upload : old) {
            calls.call(
                    StoreRequest.DELETE,
                    s3 -> s3.abortMultipartUpload(
                            abort -> abort.bucket(bucket).key(upload.key()).uploadId(upload.uploadId())));
        }
        return old.size();
    }

    private List<MultipartUpload> all() throws Failure {
        List<MultipartUpload> uploads = new ArrayList<>();
        Optional<ListMultipartUploadsResponse> before = Optional.empty();
        boolean more = true;
        while (more) {
            ListMultipartUploadsResponse page = page(before);
            uploads.addAll(page.uploads());
            boolean goesOn = page.nextKeyMarker() != null
                    && !page.nextKeyMarker().isBlank()
                    && before.filter(one -> page.nextKeyMarker().equals(one.nextKeyMarker())
                                    && String.valueOf(page.nextUploadIdMarker())
                                            .equals(String.valueOf(one.nextUploadIdMarker())))
                            .isEmpty();
            more = Boolean.TRUE.equals(page.isTruncated()) && goesOn;
            before = Optional.of(page);
        }
        return uploads;
    }

    private ListMultipartUploadsResponse page(Optional<ListMultipartUploadsResponse> before) throws Failure {
        return calls.call(
                StoreRequest.LIST,
                s3 -> s3.listMultipartUploads(list -> list.bucket(bucket)
                        .prefix(keys.levels())
                        .keyMarker(before.map(ListMultipartUploadsResponse::nextKeyMarker)
                                .orElse(null))
                        .uploadIdMarker(before.map(ListMultipartUploadsResponse::nextUploadIdMarker)
                                .orElse(null))));
    }
}
