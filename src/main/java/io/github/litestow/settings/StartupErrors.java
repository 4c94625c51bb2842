package io.github.litestow.settings;

import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.ConfigValidationException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;

/** Recognises configuration problems among the exceptions of a failed start. */
final class StartupErrors {
    private static final Pattern UNKNOWN =
            Pattern.compile("SRCFG00050: (\\S+) in (.+?)(:\\d+)? does not map to any root");
    private static final Pattern CODED = Pattern.compile("SRCFG\\d{5}: (.*)", Pattern.DOTALL);
    /** What {@link java.util.Properties} says of a backslash and a u in a file such as .env. */
    private static final String BAD_ESCAPE = "Malformed \\uxxxx encoding.";

    private static final String HINT = "correct the configuration; the manual lists every setting";

    private StartupErrors() {}

    static Optional<Failure> explain(Throwable thrown) {
        List<Throwable> chain = chain(thrown);
        // Our own words first: whatever wraps them says less.
        return chain.stream()
                .flatMap(each -> own(each).stream())
                .findFirst()
                .or(() -> chain.stream().flatMap(each -> foreign(each).stream()).findFirst());
    }

    private static Optional<Failure> own(Throwable thrown) {
        if (thrown instanceof InvalidSettings invalid) {
            return Optional.of(invalid.failure());
        }
        return thrown instanceof Failure failure && failure.kind() == FailureKind.SETTINGS
                ? Optional.of(failure)
                : Optional.empty();
    }

    private static Optional<Failure> foreign(Throwable thrown) {
        String message = String.valueOf(thrown.getMessage());
        if (thrown instanceof ConfigValidationException validation) {
            return Optional.of(validation(validation));
        }
        if (thrown instanceof MarkedYAMLException yaml) {
            return Optional.of(yaml(yaml));
        }
        if (thrown instanceof YAMLException) {
            return Optional.of(failure("a YAML file of the configuration cannot be read", thrown));
        }
        if (thrown instanceof IllegalArgumentException && message.equals(BAD_ESCAPE)) {
            return Optional.of(failure(
                    ".env or a .properties file holds a backslash and a u; accepted in .env: \\\\u within double quotes, or"
                            + " the secret in a file named by its _FILE twin",
                    thrown));
        }
        if (thrown instanceof ConfigurationException || CODED.matcher(message).matches()) {
            return Optional.of(failure(oneLine(message), thrown));
        }
        return Optional.empty();
    }

    private static Failure validation(ConfigValidationException validation) {
        String first = validation.getProblem(0).getMessage();
        Matcher unknown = UNKNOWN.matcher(first);
        return unknown.matches()
                ? KnownNames.unknown(unknown.group(1), Origins.place(unknown.group(2)))
                : failure(oneLine(first), validation);
    }

    /** Says where, but leaves out the excerpt: a secret may stand on that line. */
    private static Failure yaml(MarkedYAMLException yaml) {
        String where = yaml.getProblemMark() == null
                ? ""
                : " at line " + (yaml.getProblemMark().getLine() + 1);
        return failure("a YAML file of the configuration is malformed" + where + "; accepted: YAML 1.1", null);
    }

    private static Failure failure(String message, Throwable cause) {
        return new Failure(FailureKind.SETTINGS, message, HINT, cause);
    }

    private static String oneLine(String message) {
        Matcher coded = CODED.matcher(message);
        String words = coded.matches() ? coded.group(1) : message;
        return words.replaceAll("\\s+", " ").strip();
    }

    private static List<Throwable> chain(Throwable thrown) {
        List<Throwable> chain = new ArrayList<>();
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        collect(thrown, seen, chain);
        return chain;
    }

    private static void collect(Throwable thrown, Set<Throwable> seen, List<Throwable> chain) {
        if (thrown == null || !seen.add(thrown)) {
            return;
        }
        chain.add(thrown);
        collect(thrown.getCause(), seen, chain);
        for (Throwable suppressed : thrown.getSuppressed()) {
            collect(suppressed, seen, chain);
        }
    }
}
