package io.github.litestow.config;

import static io.github.litestow.config.ConfiguredValue.quoted;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a replica URL and an endpoint may look like. No message shows the value: people paste keys
 * into URLs, and keys into the wrong variable.
 */
public final class UrlRules {
    private static final Pattern URL =
            Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*)://([^/?#]*)([^?#]*)(\\?[^#]*)?(#.*)?");
    private static final Pattern PORT = Pattern.compile("[^:]*|\\[[0-9A-Fa-f:.]+]|.*:\\d{1,5}");

    private UrlRules() {}

    /** Returns a URL as it may be shown before it was validated: whatever could hold a key is covered. */
    static String redacted(String text) {
        Matcher url = URL.matcher(text);
        if (!url.matches()) {
            return "***";
        }
        boolean covered = text.contains("@") || url.group(4) != null || url.group(5) != null;
        return covered || !PORT.matcher(url.group(2)).matches() ? url.group(1) + "://***" : text;
    }

    private static String withoutSlashesAtEnd(String text) {
        return text.replaceFirst("/+$", "");
    }

    /** Where a replica is; the last slashes of the URL are dropped. */
    public static final class Replica extends Rules.Rule<ReplicaUrl> {
        private static final Set<String> SCHEMES =
                Set.of("s3", "file", "gs", "abs", "sftp", "nats", "webdav", "webdavs", "oss");
        private static final Pattern BUCKET = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{1,61}[A-Za-z0-9]");
        private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");
        private static final Pattern SECRET_PARAMETER =
                Pattern.compile(".*(key|secret|token|pass|pwd|sig|credential|auth|user).*", Pattern.CASE_INSENSITIVE);

        public Replica() {
            super("s3://bucket/path, file:///path, or another URL that litestream knows; with {name} as a whole part of"
                    + " its path where DB_SQLITE holds {name}");
        }

        @Override
        public ReplicaUrl convert(String text) {
            Matcher url = URL.matcher(text);
            refuseIf(CONTROL.matcher(text).find(), "the URL holds a control character");
            refuseIf(!url.matches(), text.startsWith("file:") ? "a file URL needs three slashes" : "not a URL");
            String scheme = url.group(1).toLowerCase(Locale.ROOT);
            refuseIf(!SCHEMES.contains(scheme), "litestream knows no replica of type " + quoted(scheme));
            String authority = url.group(2);
            String path = withoutSlashesAtEnd(url.group(3));
            boolean ours = scheme.equals("s3") || scheme.equals("file");
            refuseKeys(ours, authority);
            refuseQuery(ours, url.group(4), url.group(5));
            if (NamePattern.in(text)) {
                refuseName(ours, path);
            }
            // The engine alone judges the rest of the other schemes.
            if (ours) {
                refuseUntidy(path);
            }
            if (scheme.equals("s3")) {
                refuseBucket(authority, path);
            } else if (scheme.equals("file")) {
                refuseFolder(authority, path);
            }
            String query = url.group(4) == null ? "" : url.group(4);
            return new ReplicaUrl(scheme + "://" + authority + path + query, scheme);
        }

        private void refuseName(boolean ours, String path) {
            refuseIf(!ours, "{name} needs s3:// or file://, which can be listed");
            refuseIf(
                    Arrays.stream(path.split("/", -1))
                                            .filter(NamePattern.NAME::equals)
                                            .count()
                                    != 1
                            || path.indexOf(NamePattern.NAME) != path.lastIndexOf(NamePattern.NAME),
                    "{name} is not one whole part of the URL's path");
        }

        private void refuseKeys(boolean ours, String authority) {
            String userInfo = authority.substring(0, Math.max(0, authority.lastIndexOf('@')));
            boolean keys = ours ? authority.contains("@") : userInfo.contains(":");
            // s3://KEY:SEC/RET@bucket: a slash in the key hides the @, but leaves no port behind the colon.
            if (keys || !PORT.matcher(authority).matches()) {
                throw refuse("user info or keys in the URL are refused; set LITESTREAM_ACCESS_KEY_ID and"
                        + " LITESTREAM_SECRET_ACCESS_KEY instead");
            }
        }

        private void refuseQuery(boolean ours, String query, String fragment) {
            refuseIf(fragment != null, "a fragment (#) is refused in the URL");
            if (query != null && ours) {
                throw refuse("parameters (?) are refused in the URL; set LITESTOW_S3_ENDPOINT, LITESTOW_S3_REGION or"
                        + " LITESTOW_S3_FORCE_PATH_STYLE instead");
            }
            refuseIf(
                    query != null
                            && Arrays.stream(query.substring(1).split("&", -1))
                                    .map(parameter -> parameter.replaceFirst("=.*", ""))
                                    .anyMatch(name ->
                                            SECRET_PARAMETER.matcher(name).matches()),
                    "keys in the parameters of the URL are refused");
        }

        /** The engine tidies paths up, the S3 client does not: only a tidy path means the same to both. */
        private void refuseUntidy(String path) {
            refuseIf(
                    !path.isEmpty()
                            && Arrays.stream(path.replaceFirst("^/", "").split("/", -1))
                                    .anyMatch(part -> part.isEmpty() || part.equals(".") || part.equals("..")),
                    "the path of the URL holds //, /./ or /../");
        }

        private void refuseBucket(String bucket, String path) {
            refuseIf(
                    !BUCKET.matcher(bucket).matches() || bucket.endsWith(".amazonaws.com"),
                    "no bucket name (3 to 63 letters, digits, dots and dashes) follows s3://");
            // litestream 0.5.17 writes to the root of a bucket, and then lists and restores nothing from there.
            refuseIf(path.isEmpty(), "no path follows the bucket, and litestream cannot restore from a bucket's root");
        }

        private void refuseFolder(String host, String path) {
            refuseIf(!host.isEmpty(), "a file URL names no host and no relative path: it has three slashes");
            refuseIf(!PathRules.possible(path), "the file URL names no folder that can be" + DecodedText.hintFor(path));
        }
    }

    /** An {@code http(s)://host[:port][/path]} endpoint; the last slashes are dropped. */
    public static final class Endpoint extends Rules.Rule<String> {
        public Endpoint() {
            super("http://host:port or https://host:port, without user info or query");
        }

        @Override
        public String convert(String text) {
            try {
                URI uri = new URI(text);
                boolean http = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
                refuseIf(!http || uri.getHost() == null || uri.getPort() > 65_535, "not the URL of an HTTP endpoint");
                refuseIf(
                        uri.getRawUserInfo() != null || uri.getRawQuery() != null || uri.getRawFragment() != null,
                        "user info, query and fragment are refused in an endpoint");
            } catch (URISyntaxException malformed) {
                // The cause is left out: its message repeats the value.
                throw refuse("not a URL (a character that is not allowed at position " + malformed.getIndex() + ")");
            }
            return withoutSlashesAtEnd(text);
        }
    }
}
