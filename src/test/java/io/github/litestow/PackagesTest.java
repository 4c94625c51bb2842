package io.github.litestow;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
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
import java.util.Timer;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the rooms of the house: which package may use which, and what only one of them may do. */
class PackagesTest {
    private static final String ROOT = "io.github.litestow.";

    /**
     * Which room may use which; a room's own parts ({@code run.snapshot}, {@code store.s3}) count as the
     * room. A package that is not named here must not exist. The root holds the settings, which every
     * room may read.
     */
    private static final Map<String, List<String>> MAY_USE = Map.ofEntries(
            Map.entry("outcome", List.of()),
            Map.entry("control", List.of("outcome")),
            Map.entry("config", List.of("outcome")),
            Map.entry("engine", List.of("config", "control", "outcome")),
            Map.entry("sqlite", List.of("config", "control", "outcome")),
            Map.entry("store", List.of("config", "engine", "control", "outcome")),
            Map.entry("points", List.of("config", "store", "outcome")),
            Map.entry("difference", List.of("config", "engine", "sqlite", "control", "outcome")),
            Map.entry("evidence", List.of("config", "store", "control", "outcome")),
            Map.entry("lease", List.of("config", "store", "control", "outcome")),
            Map.entry("journal", List.of("sqlite", "outcome")),
            Map.entry(
                    "run",
                    List.of(
                            "config",
                            "engine",
                            "sqlite",
                            "difference",
                            "points",
                            "store",
                            "lease",
                            "evidence",
                            "journal",
                            "control",
                            "outcome")),
            Map.entry("report", List.of("run", "journal", "config", "control", "outcome")),
            Map.entry("notify", List.of("report", "run", "journal", "config", "control", "outcome")),
            Map.entry(
                    "http",
                    List.of(
                            "run",
                            "discovery",
                            "report",
                            "journal",
                            "points",
                            "config",
                            "sqlite",
                            "control",
                            "outcome")),
            Map.entry("page", List.of("http", "report", "run", "journal", "config", "outcome")),
            Map.entry("demo", List.of("run", "config", "control", "outcome")),
            Map.entry(
                    "service",
                    List.of("run", "shard", "discovery", "lease", "sqlite", "journal", "config", "control", "outcome")),
            Map.entry(
                    "cli",
                    List.of(
                            "run",
                            "shard",
                            "discovery",
                            "report",
                            "evidence",
                            "demo",
                            "journal",
                            "points",
                            "sqlite",
                            "config",
                            "control",
                            "outcome")),
            Map.entry("shard", List.of("run", "store", "config", "outcome")),
            Map.entry(
                    "discovery",
                    List.of("run", "shard", "store", "journal", "sqlite", "config", "control", "outcome")));

    /** The parts of rooms, each of which says what it is for as well. */
    private static final List<String> PARTS =
            List.of("run.compare", "run.mark", "run.prune", "run.restore", "run.snapshot", "store.file", "store.s3");

    /** A room that holds more than this share of the code has become a house of its own. */
    private static final double MOST_OF_THE_HOUSE = 1.0 / 6;

    private static final Path HOUSE = Path.of(System.getProperty("litestow.test.basedir"));
    private static final Path SOURCES = HOUSE.resolve("src/main/java/io/github/litestow");

    /** What is as large as the house, and is no test. */
    private static final List<Path> BENCHES =
            List.of(HOUSE.resolve("src/bench/java"), HOUSE.resolve("src/test/java/io/github/litestow/faults"));

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
                .filter(name -> name.startsWith(ROOT))
                .distinct()
                .sorted()
                .toList();
        assertThat(packages)
                .containsExactlyElementsOf(new TreeSet<>(Stream.concat(MAY_USE.keySet().stream(), PARTS.stream())
                        .map(room -> ROOT + room)
                        .toList()));
    }

    @Test
    void nothing_points_back() {
        slices().matching("io.github.litestow.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void the_parts_of_the_runs_are_used_in_one_direction() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + "run")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(ROOT + "run.snapshot", ROOT + "run.restore", ROOT + "run.prune")
                .check(CLASSES);
        slices().matching("io.github.litestow.run.(*)")
                .should()
                .beFreeOfCycles()
                .check(CLASSES);
    }

    @Test
    void every_package_says_what_it_is_for_and_so_does_the_table_of_contributing() throws IOException {
        String contributing = Files.readString(HOUSE.resolve("CONTRIBUTING.md"));
        for (String room :
                Stream.concat(MAY_USE.keySet().stream(), PARTS.stream()).toList()) {
            assertThat(contributing).contains("`" + room + "`");
            assertThat(SOURCES.resolve(room.replace('.', '/')).resolve("package-info.java"))
                    .content()
                    .contains("/**", "package " + ROOT + room + ";");
        }
    }

    @Test
    void no_room_is_over_a_sixth_of_the_house_and_no_class_past_300_lines() throws IOException {
        Map<String, Integer> lines = new TreeMap<>();
        try (Stream<Path> files = Files.walk(SOURCES)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".java")).toList()) {
                int count = Files.readAllLines(file).size();
                assertThat(count).as(file.toString()).isLessThan(300);
                Path folder = SOURCES.relativize(file).getParent();
                lines.merge(folder == null ? "" : folder.toString(), count, Integer::sum);
            }
        }
        int all = lines.values().stream().mapToInt(Integer::intValue).sum();
        assertThat(lines)
                .allSatisfy((room, count) -> assertThat(count).as(room).isLessThan((int) (all * MOST_OF_THE_HOUSE)));
    }

    @Test
    void no_class_of_the_benches_is_past_300_lines_either() throws IOException {
        for (Path bench : BENCHES) {
            try (Stream<Path> files = Files.walk(bench)) {
                assertThat(files.filter(path -> path.toString().endsWith(".java")))
                        .allSatisfy(file -> assertThat(Files.readAllLines(file)).hasSizeLessThan(300));
            }
        }
    }

    @Test
    void processes_are_started_in_one_room_only() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + "engine..")
                .and()
                .areNotAssignableTo(Demonstration.class)
                .and()
                .doNotHaveFullyQualifiedName(ROOT + "notify.HookProcess")
                .and()
                // Asks the system's sha256sum.
                .doNotHaveFullyQualifiedName(ROOT + "evidence.FileSha256")
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
                .doNotHaveFullyQualifiedName(ROOT + "service.SystemTime")
                .and()
                .doNotHaveFullyQualifiedName(ROOT + "config.Rules$Cron")
                .should()
                .callMethodWhere(target(owner(clocks)).and(target(now)))
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .check(CLASSES);
    }

    @Test
    void threads_are_made_in_one_class_only() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName(ROOT + "control.DaemonThreads")
                .should()
                .accessTargetWhere(DescribedPredicate.describe("that makes threads", PackagesTest::makesThreads))
                .check(CLASSES);
    }

    private static boolean makesThreads(JavaAccess<?> access) {
        JavaClass owner = access.getTargetOwner();
        String name = access.getTarget().getName();
        boolean made = name.equals("<init>")
                && (owner.isAssignableTo(Thread.class)
                        || owner.isAssignableTo(Timer.class)
                        || owner.isAssignableTo(ExecutorService.class));
        boolean onTheCommonPool = access.getTarget() instanceof AccessTarget.CodeUnitAccessTarget called
                && (name.startsWith("parallel")
                        || (owner.isAssignableTo(CompletableFuture.class)
                                && name.endsWith("Async")
                                && called.getRawParameterTypes().stream()
                                        .noneMatch(type -> type.isEquivalentTo(Executor.class))));
        return made || onTheCommonPool || owner.isEquivalentTo(Executors.class);
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
