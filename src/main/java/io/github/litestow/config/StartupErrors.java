package io.github.litestow.config;

import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.ConfigValidationException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;

/** Recognises configuration problems among the exceptions of a failed start. */
public final class StartupErrors {
    private static final Pattern CODED = Pattern.compile("(?:[\\w.]+: )?SRCFG\\d{5}: (.*)", Pattern.DOTALL);
    /** What {@link java.util.Properties} says of a backslash and a u in a file such as .env. */
    private static final String BAD_ESCAPE = "Malformed \\uxxxx encoding.";

    private StartupErrors() {}

    /**
     * Finds the mistakes in what Quarkus' start-up threw: {@link InvalidSettings}, or a configuration that
     * Quarkus itself could not read or map.
     *
     * @return one failure for each mistake; none when the exception has nothing to do with settings
     */
    public static List<Failure> explain(Throwable thrown) {
        List<Throwable> chain = new ArrayList<>();
        collect(thrown, Collections.newSetFromMap(new IdentityHashMap<>()), chain);
        // Our own words first: whatever wraps them says less.
        List<Failure> own = first(chain, StartupErrors::own);
        return own.isEmpty() ? first(chain, StartupErrors::foreign) : own;
    }

    private static List<Failure> first(List<Throwable> chain, Function<Throwable, List<Failure>> explanation) {
        return chain.stream()
                .map(explanation)
                .filter(mistakes -> !mistakes.isEmpty())
                .findFirst()
                .orElse(List.of());
    }

    private static List<Failure> own(Throwable thrown) {
        if (thrown instanceof InvalidSettings invalid) {
            return invalid.mistakes();
        }
        return thrown instanceof Failure failure && failure.kind() == FailureKind.SETTINGS
                ? List.of(failure)
                : List.of();
    }

    private static List<Failure> foreign(Throwable thrown) {
        String message = String.valueOf(thrown.getMessage());
        if (thrown instanceof ConfigValidationException validation) {
            return IntStream.range(0, validation.getProblemCount())
                    .mapToObj(problem ->
                            failure(oneLine(validation.getProblem(problem).getMessage()), validation))
                    .toList();
        }
        if (thrown instanceof MarkedYAMLException yaml) {
            return List.of(malformed(yaml));
        }
        if (thrown instanceof YAMLException) {
            return List.of(failure("a YAML file of the configuration cannot be read", thrown));
        }
        if (thrown instanceof IllegalArgumentException && message.equals(BAD_ESCAPE)) {
            return List.of(failure(
                    ".env or a .properties file holds a backslash and a u; accepted in .env: \\\\u within double"
                            + " quotes, or the secret in a file named by its _FILE twin",
                    thrown));
        }
        return thrown instanceof ConfigurationException
                        || CODED.matcher(message).matches()
                ? List.of(failure(oneLine(message), thrown))
                : List.of();
    }

    /** Says where, but leaves out the excerpt: a secret may be on that line. */
    private static Failure malformed(MarkedYAMLException yaml) {
        String where = yaml.getProblemMark() == null
                ? ""
                : " at line " + (yaml.getProblemMark().getLine() + 1);
        return failure("a YAML file of the configuration is malformed" + where + "; accepted: YAML 1.1", null);
    }

    private static Failure failure(String message, Throwable cause) {
        return new Failure(
                FailureKind.SETTINGS, message, "Correct the configuration; the manual lists every setting.", cause);
    }

    private static String oneLine(String message) {
        Matcher coded = CODED.matcher(message);
        String words = coded.matches() ? coded.group(1) : message;
        return words.replaceAll("\\s+", " ").strip();
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
