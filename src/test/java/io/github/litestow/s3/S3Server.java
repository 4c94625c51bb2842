package io.github.litestow.s3;

import io.github.litestow.config.S3Settings;
import io.github.litestow.config.Secret;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.S3Object;

/** A running S3 server with one bucket, which checks keys and ends when it is closed. */
public interface S3Server extends AutoCloseable {
    /** The key id that it accepts. */
    String KEY_ID = "AKIALITESTOWTESTS";
    /** The secret key that it accepts, with signs that need escaping in most places. */
    String SECRET = "s3cr/et+K3y=$HOME'#";
    /** The one bucket that there is. */
    String BUCKET = "bucket";
    /** The region that requests are signed for. */
    String REGION = "us-east-1";

    /** Returns where it listens, on loopback. */
    URI endpoint();

    @Override
    void close();

    /** Returns the settings that reach it. */
    default S3Settings settings() {
        return settings(endpoint());
    }

    /** Returns the settings that reach it through another endpoint. */
    static S3Settings settings(URI endpoint) {
        return new S3Settings(
                Optional.of(new Secret(KEY_ID)),
                Optional.of(new Secret(SECRET)),
                Optional.empty(),
                Optional.of(endpoint.toString()),
                Optional.of(REGION),
                true);
    }

    /** Creates the bucket. */
    default void createBucket() {
        Administrator.of(endpoint()).createBucket(create -> create.bucket(BUCKET));
    }

    /** Writes an object as anybody might. */
    default void put(String key, byte[] body) {
        Administrator.of(endpoint()).putObject(put -> put.bucket(BUCKET).key(key), RequestBody.fromBytes(body));
    }

    /** Begins an upload in parts, as an engine that is killed leaves it. */
    default void beginUpload(String key) {
        String id = Administrator.of(endpoint())
                .createMultipartUpload(begin -> begin.bucket(BUCKET).key(key))
                .uploadId();
        Administrator.of(endpoint())
                .uploadPart(
                        part -> part.bucket(BUCKET).key(key).uploadId(id).partNumber(1),
                        RequestBody.fromBytes(new byte[6 << 20]));
    }

    /** Returns the keys of the uploads in parts that were not finished. */
    default List<String> unfinishedUploads() {
        return Administrator.of(endpoint()).listMultipartUploads(list -> list.bucket(BUCKET)).uploads().stream()
                .map(MultipartUpload::key)
                .toList();
    }

    /** Returns the keys of all objects that begin like this. */
    default List<String> keys(String prefix) {
        return Administrator.of(endpoint())
                .listObjectsV2Paginator(list -> list.bucket(BUCKET).prefix(prefix))
                .contents()
                .stream()
                .map(S3Object::key)
                .toList();
    }
}
