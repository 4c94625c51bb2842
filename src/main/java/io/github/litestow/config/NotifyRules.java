package io.github.litestow.config;

import static io.github.litestow.config.ConfiguredValue.quoted;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** What the settings may be that say who is told of what. No message shows an address. */
public final class NotifyRules {
    private static final String LIST =
            "https://…, slack+https://…, discord+https://…, teams+https://…, ntfy+https://…, gotify+https://…,"
                    + " apprise+https://… or mailto:…, several separated by blanks or commas";
    private static final String HEARTBEAT = "the https:// URL of a check, or one with {status}, {msg} or {ping} in it";

    private NotifyRules() {}

    /** Addresses. */
    public static final class Urls extends Rules.Rule<Secret> {
        public Urls() {
            super(LIST);
        }

        @Override
        public Secret convert(String text) {
            refuseIf(problem(text) != null, problem(text));
            return new Secret(text);
        }
    }

    /** A file that holds addresses. */
    public static final class UrlsFile extends SecretRules.SecretFile {
        @Override
        public Secret convert(String text) {
            Secret urls = super.convert(text);
            refuseIf(problem(urls.reveal()) != null, "in the file " + quoted(text) + ", " + problem(urls.reveal()));
            return urls;
        }
    }

    private static String problem(String text) {
        try {
            return NotifyTarget.parse(text).isEmpty() ? "it names no address" : null;
        } catch (IllegalArgumentException wrong) {
            return wrong.getMessage();
        }
    }

    /** Kinds of events. */
    public static final class Events extends Rules.Rule<NotifyEvents> {
        public Events() {
            super("some of "
                    + Arrays.stream(NotifyEvent.values())
                            .map(NotifyEvent::label)
                            .collect(Collectors.joining(", ")));
        }

        @Override
        public NotifyEvents convert(String text) {
            Set<NotifyEvent> events = EnumSet.noneOf(NotifyEvent.class);
            for (String name : text.strip().split("[,\\s]+", -1)) {
                events.add(Arrays.stream(NotifyEvent.values())
                        .filter(event -> event.label()
                                .equals(name.toLowerCase(Locale.ROOT).replace('_', '-')))
                        .findFirst()
                        .orElseThrow(() -> refuse(quoted(name) + " is nothing to be told of")));
            }
            return new NotifyEvents(events);
        }
    }

    /** Who misses a silent service. */
    public static final class HeartbeatUrl extends Rules.Rule<Secret> {
        public HeartbeatUrl() {
            super(HEARTBEAT);
        }

        @Override
        public Secret convert(String text) {
            refuseIf(heartbeatProblem(text) != null, heartbeatProblem(text));
            return new Secret(text.strip());
        }
    }

    /** A file that holds the address of a heartbeat. */
    public static final class HeartbeatUrlFile extends SecretRules.SecretFile {
        @Override
        public Secret convert(String text) {
            String url = super.convert(text).reveal().strip();
            refuseIf(heartbeatProblem(url) != null, "in the file " + quoted(text) + ", " + heartbeatProblem(url));
            return new Secret(url);
        }
    }

    private static String heartbeatProblem(String text) {
        try {
            String url = text.strip();
            boolean http = url.toLowerCase(Locale.ROOT).matches("https?://.*");
            // Braces are no part of a URL, and are replaced before it is one.
            NotifyTarget.http(url.replaceAll("\\{(?:status|msg|ping)}", "x"), "the address");
            return http ? null : "the address does not begin with https://";
        } catch (IllegalArgumentException wrong) {
            return wrong.getMessage();
        }
    }

    /** A command of a person's own. */
    public static final class HookCommand extends Rules.Rule<String> {
        public HookCommand() {
            super("a command for /bin/sh");
        }

        @Override
        public String convert(String text) {
            // SmallRye asks for an unset one, too, and takes a refusal for unset; a shell would run the empty text.
            refuseIf(text.isBlank(), "it is empty");
            refuseIf(text.indexOf('\0') >= 0, "it holds a zero byte");
            return text;
        }
    }
}
