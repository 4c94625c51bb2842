package io.github.litestow.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.litestow.control.Cancellation;
import io.github.litestow.control.Deadline;
import io.github.litestow.control.WorkLimit;
import io.github.litestow.outcome.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class FileSha256Test {
    private static final int LARGE = 17 << 20;

    /** Of "abc": FIPS 180-2, appendix B.1. */
    private static final String ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void aFile() throws IOException {
        file = Files.writeString(folder.resolve("a b.db"), "abc");
    }

    @Test
    void java_and_the_tool_of_the_system_say_the_same() throws Exception {
        assertThat(FileSha256.made(file, WorkLimit.none())).isEqualTo(ABC);
        assertThat(FileSha256.asked("sha256sum", file, WorkLimit.none())).contains(ABC);

        byte[] bytes = new byte[LARGE];
        new Random(1).nextBytes(bytes);
        Files.write(file, bytes);
        assertThat(FileSha256.of(file, WorkLimit.none())).isEqualTo(FileSha256.made(file, WorkLimit.none()));
    }

    @Test
    void where_there_is_no_such_tool_nobody_is_believed() throws Exception {
        assertThat(FileSha256.asked("/nowhere/sha256sum", file, WorkLimit.none()))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "echo",
                "echo no such file",
                "echo " + ABC,
                "echo " + ABC + "'  other'",
                "echo " + ABC + "0'  -'",
                "echo " + ABC + "'  -'; exit 1"
            })
    void a_tool_that_says_something_else_or_fails_is_not_believed(String command) throws Exception {
        assertThat(FileSha256.asked(tool(command), file, WorkLimit.none())).isEmpty();
    }

    @Test
    void the_tool_gets_nothing_of_our_environment() throws Exception {
        String seen = folder.resolve("seen").toString();

        FileSha256.asked(tool("/usr/bin/env > '" + seen + "'"), file, WorkLimit.none());

        // What the shell itself sets.
        assertThat(Files.readAllLines(Path.of(seen))).allMatch(line -> line.matches("(PWD|OLDPWD|SHLVL|_)=.*"));
    }

    @Test
    void a_tool_that_does_not_end_is_ended_with_the_run() throws Exception {
        Path pid = folder.resolve("pid");
        Cancellation cancellation = new Cancellation();
        WorkLimit limit = new WorkLimit(
                new Deadline(System::nanoTime, Duration.ofMinutes(1)), cancellation, Duration.ofMillis(10));
        Thread stopping = new Thread(() -> {
            await().until(() -> Files.exists(pid) && Files.size(pid) > 0);
            cancellation.cancel();
        });
        stopping.start();

        assertThatThrownBy(() -> FileSha256.asked(tool("echo $$ > '" + pid + "'; exec sleep 60"), file, limit))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("stopped");

        stopping.join();
        long number = Long.parseLong(Files.readString(pid).trim());
        await().until(() ->
                ProcessHandle.of(number).filter(ProcessHandle::isAlive).isEmpty());
    }

    private String tool(String command) throws IOException {
        Path tool = Files.writeString(folder.resolve("tool"), "#!/bin/sh\n" + command + "\n");
        assertThat(tool.toFile().setExecutable(true)).isTrue();
        return tool.toString();
    }
}
