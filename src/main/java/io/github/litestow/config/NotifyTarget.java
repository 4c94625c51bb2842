package io.github.litestow.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One of those who are told: how, and where. The address is a secret, whatever is in it: who knows the
 * URL of a webhook may post there. Immutable.
 *
 * @param kind how it is told
 * @param address the URL without the part that names the kind; of mail, the addresses, separated by commas
 */
public record NotifyTarget(Kind kind, String address) {
    private static final Pattern SEPARATOR = Pattern.compile("[,\\s]+(?=[A-Za-z][A-Za-z0-9+.-]*:)|\\s+");
    private static final Pattern URL = Pattern.compile("(?i)(?:([a-z]+)\\+)?(https?://.*)");
    private static final Pattern MAIL = Pattern.compile("(?i)mailto:(.*)");
    private static final Pattern MAIL_ADDRESS = Pattern.compile("[^\\s@,?<>]+@[^\\s@,?<>]+");

    /** The ways to tell. */
    public enum Kind {
        /** A POST of our JSON. */
        HTTPS,
        /** Slack, Mattermost and Rocket.Chat. */
        SLACK,
        /** Discord. */
        DISCORD,
        /** Microsoft Teams, as an adaptive card. */
        TEAMS,
        /** ntfy. */
        NTFY,
        /** Gotify. */
        GOTIFY,
        /** Apprise's API, which knows all the others. */
        APPRISE,
        /** Mail. */
        MAIL;

        /** Returns the name in metrics and logs. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Reads a list.
     *
     * @throws IllegalArgumentException what is wrong with which of them, without the address
     */
    static List<NotifyTarget> parse(String text) {
        List<NotifyTarget> targets = new ArrayList<>();
        for (String part : SEPARATOR.split(text.strip(), -1)) {
            if (!part.isEmpty()) {
                targets.add(one(part, "address " + (targets.size() + 1)));
            }
        }
        return List.copyOf(targets);
    }

    private static NotifyTarget one(String text, String which) {
        Matcher mail = MAIL.matcher(text);
        if (mail.matches()) {
            for (String address : mail.group(1).split(",", -1)) {
                require(MAIL_ADDRESS.matcher(address).matches(), which + " is not mailto: with mail addresses");
            }
            return new NotifyTarget(Kind.MAIL, mail.group(1));
        }
        Matcher url = URL.matcher(text);
        require(url.matches(), which + " is neither a URL that begins with https:// or KIND+https:// nor mailto:");
        return new NotifyTarget(kind(url.group(1), which), http(url.group(2), which));
    }

    private static Kind kind(String name, String which) {
        if (name == null) {
            return Kind.HTTPS;
        }
        for (Kind kind : Kind.values()) {
            if (kind != Kind.MAIL && kind != Kind.HTTPS && kind.label().equalsIgnoreCase(name)) {
                return kind;
            }
        }
        throw new IllegalArgumentException(which + " is of no kind that is known");
    }

    /** Returns the text when it is the URL of a host. */
    static String http(String text, String which) {
        try {
            require(new URI(text).getHost() != null, which + " names no host");
            return text;
        } catch (URISyntaxException malformed) {
            // The cause is left out: its message repeats the value.
            throw new IllegalArgumentException(
                    which + " is not a URL (a character that is not allowed at position " + malformed.getIndex() + ")");
        }
    }

    private static void require(boolean right, String problem) {
        if (!right) {
            throw new IllegalArgumentException(problem);
        }
    }

    @Override
    public String toString() {
        return kind.label() + ":***";
    }
}
