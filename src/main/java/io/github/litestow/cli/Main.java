package io.github.litestow.cli;

import io.quarkus.runtime.annotations.QuarkusMain;
import java.util.Locale;

/** Where the process begins. Quarkus is started by the commands that need it, once they are understood. */
@QuarkusMain
public final class Main {

    private Main() {}

    /** Runs the command of {@code args}; the process ends with its exit code. */
    public static void main(String... args) {
        // Numbers and messages read the same on every machine.
        Locale.setDefault(Locale.ROOT);
        NativeImage.executable().ifPresent(NativeImage::useLibraryBeside);
        System.exit(Commands.run(args));
    }
}
