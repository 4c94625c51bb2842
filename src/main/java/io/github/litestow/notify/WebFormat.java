package io.github.litestow.notify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.litestow.config.NotifyTarget;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What each receiver on the web wants to be told in: where, and as which JSON. Immutable. */
final class WebFormat {
    private static final int LONGEST_DISCORD = 1_900;

    private final ObjectMapper json;

    WebFormat(ObjectMapper json) {
        this.json = json;
    }

    /** Returns where to post; what a target says of keys in its user info is left out. */
    static URI address(NotifyTarget target) {
        URI given = URI.create(target.address());
        String path = given.getRawPath() == null ? "" : given.getRawPath();
        String where = switch (target.kind()) {
            // JSON is posted to the server, and the topic is in it.
            case NTFY -> path.substring(0, path.lastIndexOf('/') + 1);
            case GOTIFY -> path.endsWith("/message") ? path : path.replaceFirst("/+$", "") + "/message";
            default -> path;
        };
        String query = given.getRawQuery() == null ? "" : "?" + given.getRawQuery();
        String port = given.getPort() < 0 ? "" : ":" + given.getPort();
        return URI.create(given.getScheme() + "://" + given.getHost() + port + where + query);
    }

    /** Returns the body. */
    byte[] body(NotifyTarget target, Message message) {
        try {
            return json.writeValueAsBytes(document(target, message));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("our own messages are always writable as JSON", e);
        }
    }

    private static Object document(NotifyTarget target, Message message) {
        String both = message.title() + "\n" + message.text();
        return switch (target.kind()) {
            case SLACK -> Map.of("text", "*" + escaped(message.title()) + "*\n" + escaped(message.text()));
            case DISCORD ->
                Map.of(
                        "content", both.substring(0, Math.min(LONGEST_DISCORD, both.length())),
                        "allowed_mentions", Map.of("parse", List.of()));
            case TEAMS -> teams(message);
            case NTFY -> ntfy(target, message);
            case GOTIFY ->
                Map.of("title", message.title(), "message", message.text(), "priority", message.isAlarm() ? 8 : 3);
            case APPRISE ->
                Map.of(
                        "title",
                        message.title(),
                        "body",
                        message.text(),
                        "type",
                        message.isAlarm() ? "failure" : "success",
                        "format",
                        "text");
            case HTTPS, MAIL -> message;
        };
    }

    /** As Slack wants the three characters. */
    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private static Map<String, Object> teams(Message message) {
        Map<String, Object> title = Map.of(
                "type",
                "TextBlock",
                "text",
                message.title(),
                "weight",
                "Bolder",
                "size",
                "Medium",
                "wrap",
                true,
                "color",
                message.isAlarm() ? "Attention" : "Good");
        Map<String, Object> text =
                Map.of("type", "TextBlock", "text", message.text().replace("\n", "\n\n"), "wrap", true);
        Map<String, Object> card = new LinkedHashMap<>();
        card.put("$schema", "http://adaptivecards.io/schemas/adaptive-card.json");
        card.put("type", "AdaptiveCard");
        card.put("version", "1.4");
        card.put("body", List.of(title, text));
        message.url()
                .ifPresent(url -> card.put(
                        "actions", List.of(Map.of("type", "Action.OpenUrl", "title", "Litestow", "url", url))));
        return Map.of(
                "type",
                "message",
                "attachments",
                List.of(Map.of("contentType", "application/vnd.microsoft.card.adaptive", "content", card)));
    }

    private static Map<String, Object> ntfy(NotifyTarget target, Message message) {
        String path = URI.create(target.address()).getPath();
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("topic", path.substring(path.lastIndexOf('/') + 1));
        document.put("title", message.title());
        document.put("message", message.text());
        document.put("priority", message.isAlarm() ? 4 : 3);
        document.put("tags", List.of(message.isAlarm() ? "rotating_light" : "white_check_mark"));
        message.url().ifPresent(url -> document.put("click", url));
        return document;
    }
}
