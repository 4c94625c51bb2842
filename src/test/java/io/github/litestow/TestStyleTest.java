package io.github.litestow;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/** Holds what tests have in common: a name says a promise, and waiting is for something. */
class TestStyleTest {
    private static final JavaClasses TESTS = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.ONLY_INCLUDE_TESTS)
            .importPackages("io.github.litestow");

    @Test
    void a_test_says_its_promise_in_snake_case() {
        methods()
                .that()
                .areAnnotatedWith(Test.class)
                .or()
                .areAnnotatedWith(ParameterizedTest.class)
                .should()
                .haveNameMatching("[a-z0-9]+(_[a-z0-9]+)+")
                .check(TESTS);
    }

    @Test
    void no_test_sleeps_instead_of_waiting_for_something() {
        noClasses()
                .should()
                .callMethodWhere(target(name("sleep"))
                        .and(target(owner(type(Thread.class))).or(target(owner(type(TimeUnit.class))))))
                .check(TESTS);
    }

    /** Two that make the same one at the same moment in a fresh clone: one gives up, and the build fails. */
    @Test
    void each_test_process_has_a_working_folder_of_its_own() throws IOException {
        String build = Files.readString(Path.of(System.getProperty("litestow.test.basedir"), "pom.xml"));

        assertThat(Pattern.compile("<workingDirectory>.*</workingDirectory>")
                        .matcher(build)
                        .results())
                .extracting(MatchResult::group)
                .hasSize(2)
                .allMatch(folder -> folder.contains("${surefire.forkNumber}"));
    }
}
