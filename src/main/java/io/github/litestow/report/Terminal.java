package io.github.litestow.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether standard error is a terminal. */
final class Terminal {
    private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");
    private static final int FIRST_WITH_A_CONSOLE_ALWAYS = 22;

    private Terminal() {}

    /**
     * Returns whether standard error is a terminal. Java 17 knows a console only when both standard
     * input and standard output are one, which {@code restore >log} is not; so Linux is asked what
     * the descriptor refers to. On other systems Java's word is taken, which means nothing from 22 on:
     * there the log is written instead.
     */
    @SuppressWarnings("SystemConsoleNull")
    static boolean isStandardError() {
        try {
            String device = Files.readSymbolicLink(STANDARD_ERROR).toString();
            return device.startsWith("/dev/pts/") || device.startsWith("/dev/tty") || device.equals("/dev/console");
        } catch (IOException e) {
            return Runtime.version().feature() < FIRST_WITH_A_CONSOLE_ALWAYS && System.console() != null;
        }
    }
}
