package io.github.litestow.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.IntSupplier;

/** What a command line that starts nothing says: its exit code and both streams. */
record Said(int code, String out, String err) {

    /** Runs it in this process, which a command that starts would end. */
    static Said by(IntSupplier command) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream saidOut = new ByteArrayOutputStream();
        ByteArrayOutputStream saidErr = new ByteArrayOutputStream();
        System.setOut(new PrintStream(saidOut, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(saidErr, true, StandardCharsets.UTF_8));
        try {
            return new Said(command.getAsInt(), text(saidOut), text(saidErr));
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }

    private static String text(ByteArrayOutputStream said) {
        return said.toString(StandardCharsets.UTF_8).replace("\r\n", "\n");
    }
}
