package io.github.litestow.config;

import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a replica is: {@code file:///path}, {@code s3://bucket/path}, or another scheme that
 * litestream knows and Litestow passes through. Holds no secret; user info in a URL is refused when
 * it is read.
 *
 * @param url the URL as configured, without a trailing slash
 * @param scheme {@code file}, {@code s3}, or another, lower case
 */
public record ReplicaUrl(String url, String scheme) {

    /** Returns the folder of a {@code file://} replica. */
    public Optional<Path> folder() {
        return scheme.equals("file") ? Optional.of(Path.of(url.substring("file://".length()))) : Optional.empty();
    }

    /** Returns the bucket of an {@code s3://} replica. */
    public Optional<String> bucket() {
        return scheme.equals("s3") ? Optional.of(rest().replaceFirst("/.*", "")) : Optional.empty();
    }

    /**
     * Returns the URL without its last parts.
     *
     * @throws Failure when there are not so many after the bucket or the root folder
     */
    public ReplicaUrl above(int parts) throws Failure {
        String shorter = url;
        for (int part = 0; part < parts; part++) {
            int slash = shorter.lastIndexOf('/');
            if (slash <= scheme.length() + "://".length()) {
                throw new Failure(
                        FailureKind.SETTINGS,
                        url + " has no place " + parts + " parts above it",
                        "Set the replica URL that the service uses which wrote there.");
            }
            shorter = shorter.substring(0, slash);
        }
        return new ReplicaUrl(shorter, scheme);
    }

    /** Returns what follows the bucket or host, literally, without slashes around it; may be empty. */
    public String prefix() {
        int slash = rest().indexOf('/');
        return slash < 0 ? "" : rest().substring(slash + 1).replaceFirst("/+$", "");
    }

    private String rest() {
        return url.substring(url.indexOf("://") + 3);
    }

    @Override
    public String toString() {
        return url;
    }
}
