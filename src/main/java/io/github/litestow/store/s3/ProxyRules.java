package io.github.litestow.store.s3;

import java.net.IDN;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Which proxy leads to a host, by the rules that the engine follows (Go's {@code
 * golang.org/x/net/http/httpproxy}), so that our client and the engine take the same way: the AWS SDK for
 * Java reads {@code NO_PROXY} otherwise. A request that one of them sends through a proxy and the other
 * does not reaches another store, or none. Immutable.
 */
final class ProxyRules {
    private static final Pattern URL = Pattern.compile(
            "([A-Za-z][A-Za-z0-9+.-]*)://(?:([^@/?#]*)@)?(\\[[0-9A-Fa-f:.]+]|[^:/?#@\\[\\]]+)(?::(\\d{1,5}))?(?:[/?#].*)?");
    private static final String OCTET = "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
    private static final Pattern IPV4 = Pattern.compile(OCTET + "(\\." + OCTET + "){3}");
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");
    private static final Pattern CIDR = Pattern.compile("([^/]+)/(\\d{1,3})");
    /** What Go takes apart as host and port: an IPv6 address with a port is in brackets. */
    private static final Pattern HOST_AND_PORT = Pattern.compile("(?:\\[([^\\[\\]]*)]|([^:\\[\\]]*)):([^:\\[\\]]*)");

    private static final Map<String, Integer> PORTS = Map.of("http", 80, "https", 443, "socks5", 1080, "socks5h", 1080);
    /** Bits of the prefix by which an IPv6 address embeds one of IPv4. */
    private static final int EMBEDDING = 96;

    private final Optional<Proxy> http;
    private final Optional<Proxy> https;
    private final List<Predicate<Target>> exceptions;

    /**
     * A proxy.
     *
     * @param variable the variable that names it
     * @param scheme how it is spoken to
     * @param host a name or an address, that of IPv6 in brackets
     * @param userInfo what it wants to know of the user, as it is written in the URL; secret
     */
    record Proxy(String variable, String scheme, String host, int port, Optional<String> userInfo) {

        /** Returns whether Java's client can speak to it. */
        boolean usable() {
            return scheme.equals("http") && URI.create(scheme + "://" + host).getHost() != null;
        }

        /** Returns it without what is secret. */
        @Override
        public String toString() {
            return scheme + "://" + host + ":" + port + " of " + variable;
        }
    }

    /** What is asked for; the address when the host is written as one. */
    private record Target(String host, String port, Optional<InetAddress> address) {}

    private ProxyRules(Optional<Proxy> http, Optional<Proxy> https, List<Predicate<Target>> exceptions) {
        this.http = http;
        this.https = https;
        this.exceptions = List.copyOf(exceptions);
    }

    /** Reads {@code HTTP_PROXY}, {@code HTTPS_PROXY} and {@code NO_PROXY}; in lower case where those are not set. */
    static ProxyRules of(Map<String, String> environment) {
        String excepted =
                variable(environment, "NO_PROXY").map(environment::get).orElse("");
        return new ProxyRules(
                proxy(environment, "HTTP_PROXY"), proxy(environment, "HTTPS_PROXY"), exceptions(excepted));
    }

    /**
     * Returns the proxy that leads to a host; empty when it is reached without.
     *
     * @param secure whether it is asked over HTTPS
     * @param name a name or an address, that of IPv6 in brackets or not
     */
    Optional<Proxy> to(boolean secure, String name, int port) {
        Optional<Proxy> proxy = secure ? https : http;
        String host = ascii(name.replaceAll("[\\[\\]]", ""));
        Optional<InetAddress> address = address(host);
        boolean here = host.equals("localhost")
                || address.filter(InetAddress::isLoopbackAddress).isPresent();
        Target target = new Target(host.strip().toLowerCase(Locale.ROOT), String.valueOf(port), address);
        return proxy.filter(any -> !here && exceptions.stream().noneMatch(exception -> exception.test(target)));
    }

    /** Returns the proxy that leads to an endpoint. */
    Optional<Proxy> to(URI endpoint) {
        boolean secure = "https".equalsIgnoreCase(endpoint.getScheme());
        int port = endpoint.getPort() >= 0 ? endpoint.getPort() : PORTS.get(secure ? "https" : "http");
        return to(secure, endpoint.getHost(), port);
    }

    private static Optional<String> variable(Map<String, String> environment, String name) {
        return Stream.of(name, name.toLowerCase(Locale.ROOT))
                .filter(spelling -> !environment.getOrDefault(spelling, "").isEmpty())
                .findFirst();
    }

    private static Optional<Proxy> proxy(Map<String, String> environment, String name) {
        Optional<String> variable = variable(environment, name);
        return variable.flatMap(set -> {
            String text = environment.get(set);
            // What is no URL is taken for host and port.
            return Stream.of(text, "http://" + text)
                    .map(URL::matcher)
                    .filter(Matcher::matches)
                    .map(url -> proxy(set, url))
                    .findFirst();
        });
    }

    private static Proxy proxy(String variable, Matcher url) {
        String scheme = url.group(1).toLowerCase(Locale.ROOT);
        int port = url.group(4) == null ? PORTS.getOrDefault(scheme, 80) : Integer.parseInt(url.group(4));
        return new Proxy(variable, scheme, url.group(3), port, Optional.ofNullable(url.group(2)));
    }

    private static List<Predicate<Target>> exceptions(String list) {
        List<Predicate<Target>> exceptions = new ArrayList<>();
        for (String entry : list.split(",", -1)) {
            String text = entry.strip().toLowerCase(Locale.ROOT);
            if (text.equals("*")) {
                return List.of(target -> true);
            }
            exception(text).ifPresent(exceptions::add);
        }
        return exceptions;
    }

    private static Optional<Predicate<Target>> exception(String text) {
        Optional<Predicate<Target>> network = network(text);
        if (network.isPresent()) {
            return network;
        }
        Matcher parts = HOST_AND_PORT.matcher(text);
        boolean apart = parts.matches();
        String host = !apart ? text : parts.group(1) != null ? parts.group(1) : parts.group(2);
        String port = apart ? parts.group(3) : "";
        if (host.isEmpty()) {
            return Optional.empty();
        }
        Optional<InetAddress> address = address(host);
        Predicate<Target> anyPort = target -> port.isEmpty() || port.equals(target.port());
        return Optional.of(
                anyPort.and(address.isPresent() ? target -> target.address().equals(address) : domain(host)));
    }

    /** {@code example.com} means itself and what is below it; {@code .example.com} only the latter. */
    private static Predicate<Target> domain(String name) {
        boolean belowOnly = name.startsWith(".") || name.startsWith("*.");
        String suffix = "." + ascii(belowOnly ? name.substring(name.indexOf('.') + 1) : name);
        return target -> target.address().isEmpty()
                && (target.host().endsWith(suffix)
                        || (!belowOnly && target.host().equals(suffix.substring(1))));
    }

    private static Optional<Predicate<Target>> network(String text) {
        Matcher cidr = CIDR.matcher(text);
        Optional<InetAddress> base = cidr.matches() ? address(cidr.group(1)) : Optional.empty();
        if (base.isEmpty()) {
            return Optional.empty();
        }
        byte[] network = base.get().getAddress();
        boolean embedded = network.length == 4 && cidr.group(1).contains(":");
        int prefix = Integer.parseInt(cidr.group(2));
        if (prefix > (network.length == 4 && !embedded ? 32 : 128)) {
            return Optional.empty();
        }
        int bits = embedded ? Math.max(0, prefix - EMBEDDING) : prefix;
        return Optional.of(target -> target.address()
                .map(InetAddress::getAddress)
                .filter(address -> address.length == network.length && sameBits(address, network, bits))
                .isPresent());
    }

    private static boolean sameBits(byte[] one, byte[] other, int bits) {
        int whole = bits / 8;
        int mask = 0xff00 >> (bits % 8) & 0xff;
        return Arrays.equals(one, 0, whole, other, 0, whole)
                && (mask == 0 || (one[whole] & mask) == (other[whole] & mask));
    }

    /** Returns the address that is written so; empty for a name, which is not looked up. */
    private static Optional<InetAddress> address(String text) {
        if (!IPV4.matcher(text).matches() && !IPV6.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByName(text));
        } catch (UnknownHostException malformed) {
            return Optional.empty();
        }
    }

    private static String ascii(String name) {
        if (name.chars().allMatch(character -> character < 0x80)) {
            return name;
        }
        try {
            return IDN.toASCII(name);
        } catch (IllegalArgumentException impossible) {
            return name;
        }
    }
}
