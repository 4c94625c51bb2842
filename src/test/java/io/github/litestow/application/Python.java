package io.github.litestow.application;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * The interpreter itself. {@code python3} may be a wrapper that looks for one at each start (pyenv's takes a second
 * of a busy machine, ten times what Python takes), and tests start hundreds.
 */
public final class Python {
    private static final String INTERPRETER = find();

    private Python() {}

    /** Returns the path of what {@code python3} runs. */
    public static String interpreter() {
        return INTERPRETER;
    }

    /** Returns the words that run a script that needs nothing but Python's own library: what is installed beside is not looked for. */
    public static List<String> script(String script) {
        return List.of(INTERPRETER, "-I", "-S", "-u", "-c", script);
    }

    private static String find() {
        try {
            Process process = new ProcessBuilder("python3", "-c", "import sys; print(sys.executable)")
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            try (InputStream out = process.getInputStream()) {
                Path found = Path.of(new String(out.readAllBytes(), StandardCharsets.UTF_8).strip());
                assertThat(found).isAbsolute().isExecutable();
                return found.toString();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
