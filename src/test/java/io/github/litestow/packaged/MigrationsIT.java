package io.github.litestow.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.sqlite.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The commands of docs/how-to/migrations.md, by a shell and exactly as they are printed there. */
class MigrationsIT {
    private static final Pattern BLOCK = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);

    @RegisterExtension
    final PackagedProgram litestow = new PackagedProgram();

    private TestDatabase database;
    private String before;

    @BeforeEach
    void anApplication() throws IOException {
        Files.createDirectories(litestow.data());
        database = TestDatabase.at(Files.createFile(litestow.database()));
        database.execute(
                "CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT)",
                "INSERT INTO item VALUES (1, 'tea'), (2, 'milk'), (3, 'bread')");
        before = items();
        command(
                "litestow",
                "exec "
                        + PackagedProgram.program(litestow.replicaUrl()).stream()
                                .map(word -> "'" + word + "'")
                                .collect(Collectors.joining(" "))
                        + " \"$@\"");
    }

    @Test
    void label_migrate_and_roll_back_loses_nothing_and_what_changed_is_said() throws IOException {
        shell("snapshot --keep --label before-1.9").with(0);
        database.execute(
                "ALTER TABLE item ADD COLUMN price",
                "DELETE FROM item WHERE id = 2",
                "INSERT INTO item VALUES (4, 'x', 1)");
        String after = items();
        assertThat(shell("litestow diff").with(0).out())
                .contains("table item changed", "3 rows, then 3; 1 added, 1 removed", "removed id=2");
        assertThat(shell("litestow query --at before-1.9").with(0).out()).contains("3");

        assertThat(shell("rollback --to before-1.9").with(0).err()).contains("brings it back");
        assertThat(items()).isEqualTo(before);
        // The way forward, as the warning names it.
        litestow.run("rollback", "--to", "0000000000000002").with(0);
        shell("litestow unpin before-1.9").with(0);
        assertThat(items()).isEqualTo(after);
    }

    @Test
    void the_snapshot_of_each_framework_comes_before_its_migration_and_keeps_it_from_beginning_when_it_fails()
            throws IOException {
        command("git", "echo 1a2b3c4");
        command(
                "python",
                "exec python3 -c \"import sqlite3; sqlite3.connect('data/db.sqlite').executescript('CREATE TABLE"
                        + " django_migrations (id, app, name); INSERT INTO django_migrations VALUES (1, \\\"shop\\\", \\\"0002\\\")')\"");
        assertThat(shell("python manage.py migrate").with(0).out()).contains("shop|0002");
        // The label is taken: the migration must not begin.
        Path rails = Files.createDirectories(litestow.work().resolve("bin"));
        program(rails.resolve("rails"), "touch migrated");
        shell("bin/rails db:migrate").with(9);
        assertThat(litestow.work().resolve("migrated")).doesNotExist();
        command("git", "echo 5d6e7f8");
        shell("bin/rails db:migrate").with(0);
        assertThat(litestow.work().resolve("migrated")).exists();
        program(litestow.work().resolve("pocketbase"), "echo \"$1\"");
        assertThat(shell("./pocketbase serve").with(0).out()).contains("serve");
        assertThat(litestow.run("list").with(0).out()).contains("before-1a2b3c4", "before-5d6e7f8", "before-0.31");
    }

    private String items() {
        return database.value("SELECT group_concat(id || name) FROM item");
    }

    /** Runs the block of the how-to that has these words in it. */
    private Ended shell(String words) throws IOException {
        List<String> blocks = BLOCK.matcher(Files.readString(
                        Path.of(System.getProperty("litestow.test.basedir"), "docs/how-to/migrations.md")))
                .results()
                .map(MatchResult::group)
                .map(block -> block.replaceAll("```(sh\n)?", ""))
                .filter(block -> block.contains(words) && !block.contains("docker"))
                .toList();
        assertThat(blocks).as(words).hasSize(1);
        return litestow.runOther(
                Map.of("PATH", litestow.root().resolve("programs") + ":" + System.getenv("PATH")),
                "sh",
                "-ec",
                blocks.get(0));
    }

    private void command(String name, String script) throws IOException {
        program(Files.createDirectories(litestow.root().resolve("programs")).resolve(name), script);
    }

    private static void program(Path file, String script) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
