package io.github.litestow.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Scripts and styles of the page, ours and those of the webjars: a few fixed files, read from the class path
 * once. Their address changes with their content, so that browsers keep them for good. Immutable.
 */
final class Assets {
    private static final String WEBJARS = "META-INF/resources/webjars/";
    private static final String SCRIPT = "text/javascript; charset=utf-8";
    private static final String STYLE = "text/css; charset=utf-8";
    private static final int VERSION_DIGITS = 12;

    /** By the name under which they are served. The versions are those of the build. */
    private static final Map<String, Source> SOURCES = Map.of(
            "htmx.js", new Source(WEBJARS + "htmx.org/2.0.4/dist/htmx.min.js", SCRIPT),
            "sse.js", new Source(WEBJARS + "htmx-ext-sse/2.2.2/sse.js", SCRIPT),
            "uplot.js", new Source(WEBJARS + "uplot/1.6.30/dist/uPlot.iife.min.js", SCRIPT),
            "uplot.css", new Source(WEBJARS + "uplot/1.6.30/dist/uPlot.min.css", STYLE),
            "page.js", new Source("page/page.js", SCRIPT),
            "page.css", new Source("page/page.css", STYLE),
            "icon.svg", new Source("page/icon.svg", "image/svg+xml"));

    private final Map<String, Asset> all = new TreeMap<>();
    private final String version;

    private record Source(String resource, String type) {}

    /**
     * One file.
     *
     * @param type its media type
     * @param content what is in it: text, all of them
     */
    record Asset(String type, String content) {}

    /** Reads them all. */
    Assets() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String name : new TreeMap<>(SOURCES).keySet()) {
                Source source = SOURCES.get(name);
                String content = text(source.resource());
                digest.update((name + "\n" + content).getBytes(StandardCharsets.UTF_8));
                all.put(name, new Asset(source.type(), content));
            }
            version = HexFormat.of().formatHex(digest.digest()).substring(0, VERSION_DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Returns a file, if there is one of this name. */
    Optional<Asset> named(String name) {
        return Optional.ofNullable(all.get(name));
    }

    /** Returns what tells these contents from others, for their addresses. */
    String version() {
        return version;
    }

    /** Returns the text of a resource of this build. */
    static String text(String resource) {
        try (InputStream in = Thread.currentThread().getContextClassLoader().getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException(resource + " is missing in this build");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
