package io.github.litestow.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class EngineProcessTreeTest {

    @RepeatedTest(10)
    @EnabledOnOs(OS.LINUX)
    void killing_leaves_nobody_behind_even_if_a_child_is_replaced_the_moment_it_dies() throws IOException {
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", "while :; do sleep 61; done");
        String mark = UUID.randomUUID().toString();
        builder.environment().put(EngineProcessTree.MARK, mark);
        Process engine = builder.start();
        await().until(() -> engine.toHandle().children().findAny().isPresent());

        new EngineProcessTree(engine.toHandle(), mark).kill();

        await().atMost(Duration.ofSeconds(5)).until(() -> !engine.isAlive());
        List<ProcessHandle> left = marked(mark);
        left.forEach(ProcessHandle::destroyForcibly);
        assertThat(left).isEmpty();
    }

    private static List<ProcessHandle> marked(String mark) {
        return ProcessHandle.allProcesses()
                .filter(process -> environment(process).contains(EngineProcessTree.MARK + "=" + mark))
                .toList();
    }

    private static String environment(ProcessHandle process) {
        try {
            return Files.readString(
                    Path.of("/proc", Long.toString(process.pid()), "environ"), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            // Ended meanwhile, or another user's.
            return "";
        }
    }
}
