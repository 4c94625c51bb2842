package io.github.litestow.evidence;

import io.github.litestow.control.Held;
import io.github.litestow.control.WorkLimit;
import io.github.litestow.outcome.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The SHA-256 of a file. Of a large one the system's {@code sha256sum} is asked, where there is one: Java's takes four
 * times as long in the image, whose JVM does not use the processor's instructions for it ({@code TieredStopAtLevel=1}),
 * and the end of a run waits for it. Safe for concurrent use.
 */
public final class FileSha256 {
    private static final String TOOL = "sha256sum";

    /** Below that a process takes longer to start than it saves. */
    private static final long LARGE = 16L << 20;

    private static final int BUFFER = 1 << 20;
    private static final Pattern SAID = Pattern.compile("([0-9a-f]{64}) [ *]-\\s*");

    private FileSha256() {}

    /**
     * Reads a file that nobody writes to.
     *
     * @return in hexadecimal digits
     * @throws Failure when {@code limit} says so
     */
    public static String of(Path file, WorkLimit limit) throws IOException, Failure {
        if (Files.size(file) >= LARGE) {
            Optional<String> said = asked(TOOL, file, limit);
            if (said.isPresent()) {
                return said.get();
            }
        }
        return made(file, limit);
    }

    /** Returns what a tool says; empty when there is none, or it says something else. */
    static Optional<String> asked(String tool, Path file, WorkLimit limit) throws IOException, Failure {
        ProcessBuilder builder =
                new ProcessBuilder(tool).redirectInput(file.toFile()).redirectError(ProcessBuilder.Redirect.DISCARD);
        // It needs nothing of ours, and keys least of all.
        builder.environment().clear();
        Process process;
        try {
            process = builder.start();
        } catch (IOException noSuchTool) {
            return Optional.empty();
        }
        try (Held watched = limit.watch(process::destroyForcibly)) {
            boolean well = process.waitFor() == 0;
            limit.check();
            Matcher said = SAID.matcher(new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
            return well && said.matches() ? Optional.of(said.group(1)) : Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("stopped while it was read");
        } finally {
            process.destroyForcibly();
        }
    }

    /** Has Java make it. */
    static String made(Path file, WorkLimit limit) throws IOException, Failure {
        MessageDigest digest = digest();
        try (InputStream in = Files.newInputStream(file)) {
            byte[] buffer = new byte[BUFFER];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                limit.check();
                digest.update(buffer, 0, read);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Returns a new SHA-256. */
    static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
