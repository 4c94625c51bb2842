package io.github.litestow.s3;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.litestow.s3.FaultProxy.Fault;
import io.github.litestow.s3.FaultProxy.Request;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A policy in the language of AWS IAM as far as the manual uses it, held against the requests of a
 * {@link FaultProxy}: what no statement allows is denied.
 */
public final class PermissionPolicy implements Function<Request, Optional<Fault>> {
    private static final Fault DENIED = FaultProxy.error(403, "AccessDenied", "Access Denied");

    private final List<JsonNode> statements = new ArrayList<>();
    private final Set<String> used = new ConcurrentSkipListSet<>();
    private final Set<String> denied = new ConcurrentSkipListSet<>();

    private PermissionPolicy(JsonNode policy) {
        policy.path("Statement").forEach(statements::add);
    }

    /** Reads a policy. */
    public static PermissionPolicy of(String json) {
        try {
            return new PermissionPolicy(new ObjectMapper().readTree(json));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not a policy: " + json, e);
        }
    }

    /** Returns every action that it allows somewhere. */
    public Set<String> actions() {
        return statements.stream()
                .flatMap(statement -> values(statement.path("Action")).stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Returns the actions that were asked for and allowed. */
    public Set<String> used() {
        return new TreeSet<>(used);
    }

    /** Returns what was asked for and denied. */
    public Set<String> denied() {
        return new TreeSet<>(denied);
    }

    @Override
    public Optional<Fault> apply(Request request) {
        for (Need need : needs(request)) {
            if (statements.stream().noneMatch(statement -> allows(statement, need))) {
                denied.add(need.action() + " " + need.resource() + " " + need.prefix());
                return Optional.of(DENIED);
            }
            used.add(need.action());
        }
        return Optional.empty();
    }

    /** What a request needs; the prefix belongs to listings. */
    private record Need(String action, String resource, String prefix) {}

    private static boolean allows(JsonNode statement, Need need) {
        JsonNode prefixes = statement.path("Condition").path("StringLike").path("s3:prefix");
        return statement.path("Effect").asText().equals("Allow")
                && values(statement.path("Action")).contains(need.action())
                && values(statement.path("Resource")).stream().anyMatch(pattern -> like(pattern, need.resource()))
                && (prefixes.isMissingNode()
                        || values(prefixes).stream().anyMatch(pattern -> like(pattern, need.prefix())));
    }

    private static List<String> values(JsonNode node) {
        List<String> values = new ArrayList<>();
        if (node.isArray()) {
            node.forEach(value -> values.add(value.asText()));
        } else {
            values.add(node.asText());
        }
        return values;
    }

    private static boolean like(String pattern, String text) {
        return Pattern.matches(Pattern.quote(pattern).replace("*", "\\E.*\\Q"), text);
    }

    /** AWS, "Required permissions for Amazon S3 API operations". */
    private static List<Need> needs(Request request) {
        String[] target = request.target().split("\\?", 2);
        Map<String, String> query = query(target.length > 1 ? target[1] : "");
        String path = decoded(target[0].substring(1));
        String arn = "arn:aws:s3:::" + path;
        if (!path.contains("/") || path.endsWith("/")) {
            String action = query.containsKey("location")
                    ? "s3:GetBucketLocation"
                    : query.containsKey("uploads") ? "s3:ListBucketMultipartUploads" : "s3:ListBucket";
            boolean several = request.method().equals("POST") && query.containsKey("delete");
            String bucket = arn.replaceAll("/$", "");
            return several
                    ? deleted(request, bucket)
                    : List.of(new Need(
                            request.method().equals("GET") || request.method().equals("HEAD")
                                    ? action
                                    : request.method() + " of a bucket",
                            bucket,
                            query.getOrDefault("prefix", "")));
        }
        return switch (request.method()) {
            case "GET", "HEAD" -> List.of(new Need("s3:GetObject", arn, ""));
            case "DELETE" ->
                List.of(new Need(
                        query.containsKey("uploadId") ? "s3:AbortMultipartUpload" : "s3:DeleteObject", arn, ""));
            default ->
                request.header("x-amz-copy-source")
                        .map(source -> List.of(
                                new Need("s3:PutObject", arn, ""),
                                new Need("s3:GetObject", "arn:aws:s3:::" + decoded(source.replaceAll("^/", "")), "")))
                        .orElseGet(() -> List.of(new Need("s3:PutObject", arn, "")));
        };
    }

    private static List<Need> deleted(Request request, String bucket) {
        return Pattern.compile("<Key>([^<]*)</Key>")
                .matcher(new String(request.body(), StandardCharsets.UTF_8))
                .results()
                .map(key -> new Need("s3:DeleteObject", bucket + "/" + key.group(1), ""))
                .toList();
    }

    private static Map<String, String> query(String text) {
        Map<String, String> query = new TreeMap<>();
        for (String pair : text.split("&", -1)) {
            String[] parts = pair.split("=", 2);
            query.put(decoded(parts[0]), parts.length > 1 ? decoded(parts[1]) : "");
        }
        return query;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
