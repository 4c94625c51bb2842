package io.github.litestow.settings;

import io.github.litestow.outcome.Failure;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a replica URL and an endpoint may look like. No message shows the value: people paste keys
 * into URLs, and keys into the wrong variable.
 */
final class UrlRules {
    private static final Set<String> SCHEMES =
            Set.of("s3", "file", "gs", "abs", "sftp", "nats", "webdav", "webdavs", "oss");
    private static final Pattern URL =
            Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*)://([^/?#]*)([^?#]*)(\\?[^#]*)?(#.*)?");
    private static final Pattern BUCKET = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{1,61}[A-Za-z0-9]");
    private static final Pattern PORT = Pattern.compile("[^:]*|\\[[0-9A-Fa-f:.]+]|.*:\\d{1,5}");
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");
    private static final Pattern SECRET_PARAMETER =
            Pattern.compile(".*(key|secret|token|pass|pwd|sig|credential|auth|user).*", Pattern.CASE_INSENSITIVE);

    private UrlRules() {}

    /** Returns the replica URL without slashes at its end. */
    static ReplicaUrl replica(Given given) throws Failure {
        Matcher url = URL.matcher(given.text());
        if (CONTROL.matcher(given.text()).find()) {
            throw given.refuse("the URL holds a control character");
        }
        if (!url.matches()) {
            throw given.refuse(given.text().startsWith("file:") ? "a file URL needs three slashes" : "not a URL");
        }
        String scheme = url.group(1).toLowerCase(Locale.ROOT);
        if (!SCHEMES.contains(scheme)) {
            throw given.refuse("litestream knows no replica of type " + Given.quoted(scheme));
        }
        String authority = url.group(2);
        String userInfo = authority.substring(0, Math.max(0, authority.lastIndexOf('@')));
        boolean keys = ours(scheme) ? authority.contains("@") : userInfo.contains(":");
        // s3://KEY:SEC/RET@bucket: a slash in the key hides the @, but leaves no port behind the colon.
        if (keys || !PORT.matcher(authority).matches()) {
            throw given.refuse("user info or keys in the URL are refused; set "
                    + Setting.ACCESS_KEY_ID.environmentName() + " and "
                    + Setting.SECRET_ACCESS_KEY.environmentName() + " instead");
        }
        refuseQuery(given, scheme, url);
        String path = withoutSlashesAtEnd(url.group(3));
        if (ours(scheme)) {
            refuseUnclean(given, path);
        }
        switch (scheme) {
            case "s3" -> {
                refuseBucket(given, authority);
                refuseRoot(given, path);
            }
            case "file" -> refuseFolder(given, authority, path);
            default -> {
                // The engine alone judges the rest of the other schemes.
            }
        }
        String query = url.group(4) == null ? "" : url.group(4);
        return new ReplicaUrl(scheme + "://" + authority + path + query, scheme);
    }

    /** Returns an {@code http(s)://host[:port][/path]} endpoint without slashes at its end. */
    static String endpoint(Given given) throws Failure {
        try {
            URI uri = new URI(given.text());
            boolean http = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
            if (!http || uri.getHost() == null || uri.getPort() > 65_535) {
                throw given.refuse("not the URL of an HTTP endpoint");
            }
            if (uri.getRawUserInfo() != null || uri.getRawQuery() != null || uri.getRawFragment() != null) {
                throw given.refuse("user info, query and fragment are refused in an endpoint");
            }
        } catch (URISyntaxException malformed) {
            // The cause is left out: its message repeats the value.
            throw given.refuse("not a URL (a sign that is not allowed at position " + malformed.getIndex() + ")");
        }
        return withoutSlashesAtEnd(given.text());
    }

    /** Returns a URL as it may be shown before it was validated: whatever could hold a key is covered. */
    static String redacted(String text) {
        Matcher url = URL.matcher(text);
        if (!url.matches()) {
            return "***";
        }
        boolean covered = text.contains("@") || url.group(4) != null || url.group(5) != null;
        return covered || !PORT.matcher(url.group(2)).matches() ? url.group(1) + "://***" : text;
    }

    private static boolean ours(String scheme) {
        return scheme.equals("s3") || scheme.equals("file");
    }

    private static void refuseQuery(Given given, String scheme, Matcher url) throws Failure {
        if (url.group(5) != null) {
            throw given.refuse("a fragment (#) is refused in the URL");
        }
        String query = url.group(4);
        if (query == null) {
            return;
        }
        if (ours(scheme)) {
            throw given.refuse("parameters (?) are refused in the URL; set " + Setting.S3_ENDPOINT.environmentName()
                    + ", " + Setting.S3_REGION.environmentName() + " or "
                    + Setting.S3_FORCE_PATH_STYLE.environmentName() + " instead");
        }
        List<String> names = Arrays.stream(query.substring(1).split("&", -1))
                .map(parameter -> parameter.replaceFirst("=.*", ""))
                .toList();
        if (names.stream().anyMatch(name -> SECRET_PARAMETER.matcher(name).matches())) {
            throw given.refuse("keys in the parameters of the URL are refused");
        }
    }

    /** The engine tidies paths up, the S3 client does not: only a tidy path means the same to both. */
    private static void refuseUnclean(Given given, String path) throws Failure {
        String relative = path.startsWith("/") ? path.substring(1) : path;
        if (relative.isEmpty()) {
            return;
        }
        if (Arrays.stream(relative.split("/", -1))
                .anyMatch(part -> part.isEmpty() || part.equals(".") || part.equals(".."))) {
            throw given.refuse("the path of the URL holds //, /./ or /../");
        }
    }

    private static void refuseBucket(Given given, String bucket) throws Failure {
        if (!BUCKET.matcher(bucket).matches() || bucket.endsWith(".amazonaws.com")) {
            throw given.refuse("no bucket name (3 to 63 letters, digits, dots and dashes) stands after s3://");
        }
    }

    /** litestream 0.5.17 writes to the root of a bucket, and then lists and restores nothing from there. */
    private static void refuseRoot(Given given, String path) throws Failure {
        if (path.isEmpty()) {
            throw given.refuse("no path stands after the bucket, and litestream cannot restore from a bucket's root");
        }
    }

    private static void refuseFolder(Given given, String host, String path) throws Failure {
        if (!host.isEmpty()) {
            throw given.refuse("a file URL names no host and no relative path: it has three slashes");
        }
        if (!LocalFiles.possible(path)) {
            throw given.refuse("the file URL names no folder that can be");
        }
    }

    private static String withoutSlashesAtEnd(String text) {
        return text.replaceFirst("/+$", "");
    }
}
