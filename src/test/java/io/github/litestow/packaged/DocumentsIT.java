package io.github.litestow.packaged;

import static io.github.litestow.packaged.PackagedProgram.property;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.github.litestow.application.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What a document tells its reader to type, typed as it stands by a shell in an empty folder, with {@code
 * bin/litestow} on the PATH. Only places that the reader is to replace are replaced.
 */
class DocumentsIT {
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```sh\\n(.*?)^```");
    private static final int ROWS = 50;

    @RegisterExtension
    final PackagedProgram litestow = new PackagedProgram();

    private Path folder;
    private Path database;

    @BeforeEach
    void anApplicationsDatabase() throws IOException {
        assumeFalse(Boolean.getBoolean("litestow.test.native"), "the launcher starts the JVM");
        folder = Files.createDirectory(litestow.root().resolve("data"));
        database = folder.resolve("app.db");
        litestow.env("LITESTOW_FOLDER", folder.toString()).env("DB_SQLITE", "app.db");
        Sample.add(database, ROWS);
    }

    @Test
    void the_first_example_of_the_readme_keeps_the_database_and_has_it_proven() throws IOException {
        String typed = blocks("README.md", "## Your own database").get(0);
        assertThat(typed).contains("\nbin/litestow  ", "LITESTOW_SNAPSHOT_DELETE_LOCAL=false");

        String out = type(typed.replaceAll("(?m)^export (REPLICA_URL|LITESTREAM_).*\n", "")
                        .replace("LITESTOW_FOLDER=/data", "LITESTOW_FOLDER=" + folder)
                        // The service would not end.
                        .replaceAll("(?m)^bin/litestow  .*\n", "")
                        .replace("bin/litestow", "litestow"))
                .with(0)
                .out();

        assertThat(out).contains("proven, local copy kept as asked");
        assertThat(Sample.rows(database)).isEqualTo(ROWS);
    }

    @Test
    void the_second_example_of_the_readme_deletes_it_and_brings_it_back() throws IOException {
        String typed = blocks("README.md", "### Offloading").get(0);

        String out = type(typed.replace("bin/litestow", "litestow")).with(0).out();

        assertThat(out).contains("proven, local copy deleted", "restored");
        assertThat(Sample.rows(database)).isEqualTo(ROWS);
    }

    @Test
    void beginning_anew_in_another_place_works_after_any_number_of_snapshots() throws IOException {
        for (int snapshots = 0; snapshots < 2; snapshots++) {
            Sample.add(database, 1);
            litestow.run("snapshot", "--keep").with(0);
        }
        List<String> typed = blocks("docs/how-to/move.md", "## Beginning anew");
        litestow.env("REPLICA_URL", "file://" + litestow.root().resolve("newhome"));

        type(typed.get(0)).with(5);
        assertThat(type(typed.get(1)).with(0).out()).contains("local copy kept as asked", "verified");

        assertThat(Sample.rows(database)).isEqualTo(ROWS + 2);
        Sample.add(database, 1);
        litestow.run("snapshot", "--keep").with(0);
    }

    @Test
    void a_look_at_an_earlier_state_makes_its_own_folder_and_touches_nothing() throws IOException {
        litestow.run("snapshot", "--keep").with(0);
        Instant first = Instant.now();
        Sample.add(database, 1);
        litestow.run("snapshot", "--keep").with(0);
        Path look = litestow.root().resolve("look");
        String typed = blocks("docs/how-to/restore.md", "## A point in time").get(0);

        type(typed.replace("/tmp/look", look.toString())
                        .replaceAll("--at \\S+", "--at " + first)
                        .replaceAll("(?m)^sqlite3 .*\n", ""))
                .with(0);

        assertThat(Sample.rows(look.resolve("before.db"))).isEqualTo(ROWS);
        assertThat(Sample.rows(database)).isEqualTo(ROWS + 1);
    }

    private Ended type(String script) {
        String path = property("litestow.test.basedir") + "/bin:" + System.getenv("PATH");
        return litestow.runOther(
                Map.of("PATH", path, "JAVA_HOME", System.getProperty("java.home")), "sh", "-euc", script);
    }

    /** Returns what is to be typed below a heading, up to the next heading of whatever level. */
    private static List<String> blocks(String document, String heading) throws IOException {
        String text =
                Files.readString(Path.of(property("litestow.test.basedir")).resolve(document));
        int begin = text.indexOf("\n" + heading);
        assertThat(begin).as(heading + " in " + document).isNotNegative();
        int end = text.indexOf("\n#", begin + heading.length());
        return BLOCK.matcher(text.substring(begin, end < 0 ? text.length() : end))
                .results()
                .map((MatchResult block) -> block.group(1))
                .collect(Collectors.toList());
    }
}
