package io.github.litestow.outcome;

import java.util.Optional;
import java.util.Set;

/** What is asked of a replica's store, the permission it takes, and the calls of the S3 API that ask it. */
public enum StoreRequest {
    /** To list the replica's path. */
    LIST("list", "s3:ListBucket on the bucket", Set.of("ListObjectsV2", "ListObjects", "HeadBucket")),
    /** To read an object, or to look whether it exists. */
    READ("read from", "s3:GetObject on the replica's path", Set.of("GetObject", "HeadObject")),
    /** To write an object, in one piece or in parts. */
    WRITE(
            "write to",
            "s3:PutObject on the replica's path",
            Set.of("PutObject", "CopyObject", "CreateMultipartUpload", "UploadPart", "CompleteMultipartUpload")),
    /** To delete objects. */
    DELETE("delete from", "s3:DeleteObject on the replica's path", Set.of("DeleteObject", "DeleteObjects")),
    /** To list every version of the objects. */
    LIST_VERSIONS("list the versions below", "s3:ListBucketVersions on the bucket", Set.of("ListObjectVersions")),
    /** To read one version of an object. */
    READ_VERSION("read a version from", "s3:GetObjectVersion on the replica's path", Set.of()),
    /** To look whether the bucket keeps versions, and for how long. */
    LOOK_AT_LOCK(
            "look at the object lock of",
            "s3:GetBucketVersioning and s3:GetBucketObjectLockConfiguration on the bucket",
            Set.of("GetBucketVersioning", "GetObjectLockConfiguration"));

    private final String verb;
    private final String permission;

    @SuppressWarnings("ImmutableEnumChecker") // made by Set.of
    private final Set<String> calls;

    StoreRequest(String verb, String permission, Set<String> calls) {
        this.verb = verb;
        this.permission = permission;
        this.calls = calls;
    }

    /** Returns the request that a call of the S3 API makes; empty for a call that neither side makes. */
    public static Optional<StoreRequest> of(String call) {
        for (StoreRequest request : values()) {
            if (request.calls.contains(call)) {
                return Optional.of(request);
            }
        }
        return Optional.empty();
    }

    /** Returns what comes between "cannot" and the replica's URL, for example {@code read from}. */
    public String verb() {
        return verb;
    }

    /** Returns what the keys must be allowed to do, for example {@code s3:ListBucket on the bucket}. */
    public String permission() {
        return permission;
    }
}
