package io.github.litestow.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bin/litestow}, with a Java that only says how it was started. */
class LauncherScriptTest {
    private static final String SAYS_ITS_ARGUMENTS = "#!/bin/sh\nfor word in \"$@\"; do echo \"<$word>\"; done\n";

    @TempDir
    Path temp;

    private final Map<String, String> environment = new TreeMap<>();
    private Path app;
    private Path script;

    @BeforeEach
    void anInstallation() throws IOException {
        app = Files.createDirectories(temp.toRealPath().resolve("a b/litestow"));
        Files.createFile(app.resolve("quarkus-run.jar"));
        script = install(app.resolve("bin/litestow"));
        Path java = Files.createDirectories(temp.resolve("java/bin")).resolve("java");
        Files.writeString(java, SAYS_ITS_ARGUMENTS);
        assertThat(java.toFile().setExecutable(true)).isTrue();
        environment.put("JAVA_HOME", temp.resolve("java").toString());
        environment.put("PATH", System.getenv("PATH"));
    }

    @Test
    void it_finds_the_jar_from_another_folder_and_keeps_each_argument_as_it_is() throws Exception {
        assertThat(run(script, "restore", "--at", "2h ago", "", "*"))
                .endsWith("<-jar>", jar(), "<restore>", "<--at>", "<2h ago>", "<>", "<*>");
    }

    @Test
    void it_finds_the_jar_through_symbolic_links_relative_and_absolute() throws Exception {
        Path first = Files.createSymbolicLink(app.resolve("first"), Path.of("bin/litestow"));
        Path second = Files.createSymbolicLink(temp.resolve("litestow"), first);

        assertThat(run(second, "status")).endsWith("<-jar>", jar(), "<status>");
    }

    @Test
    void in_a_clone_it_finds_what_the_build_made() throws Exception {
        Path clone = temp.toRealPath().resolve("clone");
        Path built =
                Files.createDirectories(clone.resolve("target/quarkus-app")).resolve("quarkus-run.jar");
        Path launcher = install(clone.resolve("bin/litestow"));
        assertThat(run(launcher)).singleElement().asString().contains("Build it first");

        Files.createFile(built);

        assertThat(run(launcher)).endsWith("<-jar>", "<" + built + ">");
    }

    @Test
    void the_heap_is_small_unless_somebody_says_otherwise() throws Exception {
        assertThat(run(script)).contains("<-Xmx64m>");

        environment.put("JDK_JAVA_OPTIONS", "-Xmx1g");

        assertThat(run(script)).doesNotContain("<-Xmx64m>");
    }

    @Test
    void it_uses_the_flags_and_the_cache_of_the_image_where_they_are() throws Exception {
        Files.createFile(app.resolve("java.options"));
        Files.createFile(app.resolve("app.aot"));

        assertThat(run(script))
                .contains("<@" + app.resolve("java.options") + ">", "<-XX:AOTCache=" + app.resolve("app.aot") + ">")
                .containsSubsequence("<-XX:+IgnoreUnrecognizedVMOptions>", "<-XX:AOTCache=" + app + "/app.aot>");
    }

    @Test
    void without_the_image_it_starts_with_the_same_compilers_and_memory() throws Exception {
        List<String> image = Files.readAllLines(Tool.file("src/main/docker/java.options")).stream()
                .filter(line -> line.startsWith("-XX:") && !line.matches(".*(UsePerfData|AOT|Diagnostic).*"))
                .map(flag -> "<" + flag + ">")
                .toList();

        assertThat(image).hasSizeGreaterThan(1);
        assertThat(run(script)).contains("<-XX:+IgnoreUnrecognizedVMOptions>").containsAll(image);
    }

    @Test
    void it_uses_the_class_archive_of_the_build_without_a_word_of_the_jvms_own() throws Exception {
        Files.createFile(app.resolve("app.jsa"));

        assertThat(run(script)).contains("<-XX:SharedArchiveFile=" + app.resolve("app.jsa") + ">", "<-Xlog:disable>");
    }

    @Test
    void for_a_replica_on_s3_it_uses_the_archive_that_has_the_classes_for_it_where_it_is() throws Exception {
        Files.createFile(app.resolve("app.jsa"));
        environment.put("REPLICA_URL", "s3://bucket/path");
        assertThat(run(script)).contains("<-XX:SharedArchiveFile=" + app.resolve("app.jsa") + ">");

        Files.createFile(app.resolve("app-s3.jsa"));

        assertThat(run(script)).contains("<-XX:SharedArchiveFile=" + app.resolve("app-s3.jsa") + ">");
        environment.put("REPLICA_URL", "file:///replica");
        assertThat(run(script)).contains("<-XX:SharedArchiveFile=" + app.resolve("app.jsa") + ">");
    }

    @Test
    void without_java_it_says_so() throws Exception {
        environment.put("JAVA_HOME", temp.resolve("nowhere").toString());

        assertThat(run(script)).singleElement().asString().contains("Install Java 17");
    }

    private String jar() {
        return "<" + app.resolve("quarkus-run.jar") + ">";
    }

    private static Path install(Path where) throws IOException {
        Files.createDirectories(where.getParent());
        return Files.copy(Tool.file("bin/litestow"), where, StandardCopyOption.COPY_ATTRIBUTES);
    }

    /** Runs it in a folder that has nothing to do with it, and returns what it said. */
    private List<String> run(Path launcher, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(arguments));
        Path said = temp.resolve("said");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(Files.createDirectories(temp.resolve("elsewhere")).toFile())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        assertThat(builder.start().waitFor(30, TimeUnit.SECONDS)).isTrue();
        return Files.readAllLines(said);
    }
}
