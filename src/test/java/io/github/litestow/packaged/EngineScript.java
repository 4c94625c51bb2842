package io.github.litestow.packaged;

import static io.github.litestow.packaged.PackagedProgram.patiently;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;

/**
 * Stands before the real litestream and does, for each of its commands, what the test says: by
 * default what litestream does.
 */
final class EngineScript {
    /** What a command of the engine does. */
    enum Does {
        /** Waits until released, then does it. */
        HOLD_BEFORE,
        /** The first call waits until released, the others do it. */
        HOLD_FIRST,
        /** Does it, and waits until released before it says so. */
        HOLD_AFTER,
        /** The first call does it and waits, the others do it. */
        HOLD_FIRST_AFTER,
        /** Never ends, and ignores TERM. */
        HANG,
        /** Floods both streams with 100 MB each, then does it. */
        FLOOD,
        /** Ends with exit code 0 and did nothing. */
        NOTHING,
        /** Says what it says on success, and did nothing. */
        PRETEND,
        /** Prints garbage, exit code 0. */
        GARBAGE,
        /** Fails in words of litestream. */
        FAIL
    }

    private static final String SCRIPT = """
            #!/bin/sh
            control='%s'
            real='%s'
            mode=$(cat "$control/$1" 2>/dev/null)
            echo "$1" >>"$control/calls"
            hold() {
                touch "$control/held-$1"
                while [ -e "$control/$2" ]; do sleep 0.05; done
            }
            case $mode in
            hold_before) hold "$1" "$1" ;;
            hold_first) mv "$control/$1" "$control/$1.first" && hold "$1" "$1.first" ;;
            hold_after) "$real" "$@"; code=$?; hold "$1" "$1"; exit $code ;;
            hold_first_after)
                mv "$control/$1" "$control/$1.first"
                "$real" "$@"; code=$?; hold "$1" "$1.first"; exit $code ;;
            hang) touch "$control/held-$1"; trap '' TERM INT; exec sleep 600 ;;
            flood)
                yes 'a line of a flood, which nobody wants to keep in memory' | head -c 100000000
                yes 'a line of a flood, which nobody wants to keep in memory' | head -c 100000000 >&2 ;;
            nothing) exit 0 ;;
            pretend) echo 'one-shot replication complete'; exit 0 ;;
            garbage) head -c 100000 /dev/urandom; exit 0 ;;
            fail) echo 'Error: write ltx file: no space left on device' >&2; exit 1 ;;
            esac
            exec "$real" "$@"
            """;

    private final Path control;
    private final Path script;

    private EngineScript(Path control, Path script) {
        this.control = control;
        this.script = script;
    }

    /** Makes the program use a new script of this kind. */
    static EngineScript in(PackagedProgram program) {
        Path folder = program.root().resolve("engine");
        Path script = folder.resolve("litestream");
        try {
            Path control = Files.createDirectories(folder.resolve("control"));
            Files.writeString(script, SCRIPT.formatted(control, PackagedProgram.property("litestow.test.litestream")));
            Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
            program.env("LITESTOW_LITESTREAM_BINARY", script.toString());
            return new EngineScript(control, script);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Says what a command does from now on. */
    EngineScript on(String command, Does does) {
        try {
            Path draft = Files.writeString(
                    script.resolveSibling("draft"), does.name().toLowerCase(Locale.ROOT));
            Files.deleteIfExists(held(command));
            Files.move(draft, control.resolve(command), StandardCopyOption.ATOMIC_MOVE);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lets a command go on, and do what litestream does from now on. */
    void release(String command) {
        try {
            Files.deleteIfExists(control.resolve(command));
            Files.deleteIfExists(control.resolve(command + ".first"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until a command is held. */
    void awaitHeld(String command) {
        patiently().alias("held in " + command).until(() -> Files.exists(held(command)));
    }

    /** Returns how often a command was called. */
    long calls(String command) {
        Path calls = control.resolve("calls");
        try {
            return Files.exists(calls)
                    ? Files.readAllLines(calls).stream().filter(command::equals).count()
                    : 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path held(String command) {
        return control.resolve("held-" + command);
    }
}
