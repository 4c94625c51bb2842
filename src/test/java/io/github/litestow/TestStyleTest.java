package io.github.litestow;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.concurrent.TimeUnit;
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
}
