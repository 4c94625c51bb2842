package io.github.litestow;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.github.litestow.demo.Demonstration;
import io.github.litestow.demo.SampleWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the rooms of the house: which package may use which, and what only one of them may do. */
class PackagesTest {
    private static final String ROOT = "io.github.litestow.";

    /** Design section 2. A package that is not named here must not exist. */
    private static final Map<String, List<String>> MAY_USE = Map.ofEntries(
            Map.entry("outcome", List.of()),
            Map.entry("settings", List.of("outcome")),
            Map.entry("litestream", List.of("settings", "outcome")),
            Map.entry("sqlite", List.of("settings", "outcome")),
            Map.entry("replica", List.of("settings", "litestream", "outcome")),
            Map.entry("journal", List.of("outcome")),
            Map.entry("run", List.of("outcome", "settings", "litestream", "sqlite", "replica", "journal")),
            Map.entry("report", List.of("journal", "settings", "outcome")),
            Map.entry("http", List.of("run", "report", "journal", "settings", "sqlite", "outcome")),
            Map.entry("demo", List.of("run", "settings", "outcome")),
            Map.entry("trigger", List.of("run", "settings", "journal", "outcome", "report", "demo")));

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.github.litestow");

    @Test
    void every_package_uses_only_what_the_table_lets_it_use() {
        MAY_USE.forEach((room, allowed) -> {
            String[] others = MAY_USE.keySet().stream()
                    .filter(other -> !other.equals(room) && !allowed.contains(other))
                    .map(other -> ROOT + other + "..")
                    .toArray(String[]::new);
            if (others.length > 0) {
                noClasses()
                        .that()
                        .resideInAPackage(ROOT + room + "..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(others)
                        .check(CLASSES);
            }
        });
    }

    @Test
    void every_package_is_in_the_table() {
        List<String> packages = CLASSES.stream()
                .map(type -> type.getPackageName())
                .distinct()
                .sorted()
                .toList();
        assertThat(packages)
                .containsExactlyElementsOf(new TreeSet<>(
                        MAY_USE.keySet().stream().map(room -> ROOT + room).toList()));
    }

    @Test
    void nothing_points_back() {
        slices().matching("io.github.litestow.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void every_package_says_what_it_is_for() throws IOException {
        Path sources = Path.of(System.getProperty("litestow.test.basedir"), "src/main/java/io/github/litestow");
        try (Stream<Path> rooms = Files.list(sources)) {
            assertThat(rooms.toList())
                    .isNotEmpty()
                    .allSatisfy(room -> assertThat(room.resolve("package-info.java"))
                            .content()
                            .contains("/**", "package " + ROOT + room.getFileName() + ";"));
        }
    }

    @Test
    void processes_are_started_in_one_room_only() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + "litestream..")
                .and()
                .areNotAssignableTo(Demonstration.class)
                .should()
                .dependOnClassesThat()
                .areAssignableTo(ProcessBuilder.class)
                .orShould()
                .callMethodWhere(target(owner(type(Runtime.class))).and(target(name("exec"))))
                .check(CLASSES);
    }

    @Test
    void databases_are_opened_in_one_room_only() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + "sqlite..")
                .and()
                .areNotAssignableTo(SampleWriter.class)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.sql..", "javax.sql..", "org.sqlite..")
                .check(CLASSES);
    }

    @Test
    void the_time_of_day_comes_from_one_place() {
        var now =
                name("now").or(name("systemUTC")).or(name("systemDefaultZone")).or(name("system"));
        var clocks = type(Instant.class)
                .or(type(Clock.class))
                .or(type(LocalDate.class))
                .or(type(LocalDateTime.class))
                .or(type(OffsetDateTime.class))
                .or(type(ZonedDateTime.class));
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName(ROOT + "trigger.SystemTime")
                .and()
                .doNotHaveFullyQualifiedName(ROOT + "settings.SettingsProducer")
                .should()
                .callMethodWhere(target(owner(clocks)).and(target(now)))
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .check(CLASSES);
    }

    @Test
    void no_class_is_named_after_nothing() {
        classes()
                .should()
                .haveSimpleNameNotContaining("Util")
                .andShould()
                .haveSimpleNameNotContaining("Helper")
                .check(CLASSES);
    }
}
