package io.github.litestow.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The Dockerfiles as text; what one of them runs is tried by JvmImageIT. */
class ImagesTest {
    private static final Pattern RELEASE = Pattern.compile("litestream-(\\d+\\.\\d+\\.\\d+)-linux-(\\w+)\\.tar\\.gz");
    private static final Pattern CHECKSUM = Pattern.compile("--checksum=sha256:([0-9a-f]{64})");

    @ParameterizedTest
    @ValueSource(strings = {"Dockerfile.jvm", "Dockerfile.native", "Dockerfile.native-micro"})
    void hadolint_has_nothing_to_say(String name) {
        String said = Tool.run(
                Map.of(),
                List.of(
                        Tool.fetched("hadolint").toString(),
                        "--no-color",
                        Tool.file("src/main/docker/" + name).toString()));
        assertThat(said).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Dockerfile.jvm", "Dockerfile.native", "Dockerfile.native-micro"})
    void the_image_holds_the_builds_engine_for_both_architectures_runs_as_nobody_and_checks_itself(String name)
            throws IOException {
        String text = Files.readString(Tool.file("src/main/docker/" + name));
        String build = Files.readString(Tool.file("src/main/build/fetch-litestream.sh"));
        assertThat(found(RELEASE, text, 1)).hasSize(1).allMatch(version -> build.contains("VERSION=" + version));
        assertThat(found(RELEASE, text, 2)).containsExactlyInAnyOrder("x86_64", "arm64");
        assertThat(found(CHECKSUM, text, 1))
                .isEqualTo(found(CHECKSUM, Files.readString(Tool.file("src/main/docker/Dockerfile.jvm")), 1))
                .hasSize(2);
        assertThat(text)
                .contains("\nENV LC_ALL=C.UTF-8 ", "\nUSER 10001\n", "\nVOLUME /data\n", "\"health\"]\n")
                .contains("org.opencontainers.image.version", "org.opencontainers.image.licenses");
    }

    private static Set<String> found(Pattern pattern, String text, int group) {
        return pattern.matcher(text)
                .results()
                .map((MatchResult match) -> match.group(group))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
