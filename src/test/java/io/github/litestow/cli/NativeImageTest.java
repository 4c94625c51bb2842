package io.github.litestow.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.ReferencedClassObject;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.github.litestow.journal.DatabaseState;
import io.github.litestow.outcome.RunRecord;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A record that Jackson meets and a native image was not told of fails there, and only there. */
class NativeImageTest {
    private static final String OURS = "io.github.litestow";
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(OURS);

    @Test
    void the_drivers_library_is_taken_from_beside_the_executable_where_it_is(@TempDir Path app) throws Exception {
        NativeImage.useLibraryBeside(app.resolve("litestow"));
        assertThat(System.getProperty("org.sqlite.lib.path")).isNull();
        Files.createFile(Files.createDirectory(app.resolve("native")).resolve("libsqlitejdbc.so"));
        try {
            NativeImage.useLibraryBeside(app.resolve("litestow"));
            assertThat(System.getProperty("org.sqlite.lib.path"))
                    .isEqualTo(app.resolve("native").toString());
        } finally {
            System.clearProperty("org.sqlite.lib.path");
            System.clearProperty("org.sqlite.lib.name");
        }
    }

    @Test
    void every_record_that_is_read_or_written_as_json_is_registered() {
        Set<String> met = new TreeSet<>();
        Deque<Type> open = new ArrayDeque<>(handedToJackson());
        while (!open.isEmpty()) {
            Type next = open.remove();
            if (next instanceof ParameterizedType generic) {
                open.addAll(Arrays.asList(generic.getActualTypeArguments()));
            } else if (next instanceof WildcardType some) {
                open.addAll(Arrays.asList(some.getUpperBounds()));
            } else if (next instanceof Class<?> type && type.getName().startsWith(OURS) && met.add(type.getName())) {
                open.addAll(parts(type));
            }
        }
        met.removeIf(name -> isPlainInterface(CLASSES.get(name)));

        assertThat(registered()).containsAll(met);
    }

    /** What is read is named as a class by its reader; what is only written is printed by a command. */
    private static List<Class<?>> handedToJackson() {
        List<Class<?>> read = CLASSES.stream()
                .flatMap(type -> type.getReferencedClassObjects().stream())
                .filter(named -> !named.getOwner().getOwner().equals(named.getRawType()))
                .map(ReferencedClassObject::getRawType)
                .filter(type -> type.getPackageName().startsWith(OURS) && type.isRecord())
                .<Class<?>>map(JavaClass::reflect)
                .distinct()
                .toList();
        List<Class<?>> printed = implementations(JsonDocument.class);
        assertThat(read).contains(DatabaseState.class, RunRecord.class);
        assertThat(printed).contains(RunCommand.RunsDocument.class, ReportCommand.ReportsDocument.class);
        return Stream.concat(read.stream(), printed.stream()).toList();
    }

    /** The types of a record's components, the cases of an interface. */
    private static List<Type> parts(Class<?> type) {
        if (type.isRecord()) {
            return Stream.of(type.getRecordComponents())
                    .map(RecordComponent::getGenericType)
                    .toList();
        }
        return type.isInterface() ? List.copyOf(implementations(type)) : List.of();
    }

    private static List<Class<?>> implementations(Class<?> type) {
        return CLASSES.get(type).getAllSubclasses().stream()
                .<Class<?>>map(JavaClass::reflect)
                .toList();
    }

    /** Jackson reflects on an interface only for the annotations on it. */
    private static boolean isPlainInterface(JavaClass type) {
        return type.isInterface()
                && type.getAnnotations().stream()
                        .noneMatch(annotation ->
                                annotation.getRawType().getPackageName().startsWith("com.fasterxml.jackson"));
    }

    /** As Quarkus understands the annotation. */
    private static Set<String> registered() {
        Set<String> names = new TreeSet<>();
        for (JavaClass type : CLASSES) {
            if (type.isAnnotatedWith(RegisterForReflection.class)) {
                RegisterForReflection annotation = type.getAnnotationOfType(RegisterForReflection.class);
                Class<?>[] targets = annotation.targets();
                boolean itself = targets.length == 0 && annotation.classNames().length == 0;
                for (Class<?> target : itself ? new Class<?>[] {type.reflect()} : targets) {
                    register(target, !annotation.ignoreNested(), names);
                }
            }
        }
        return names;
    }

    private static void register(Class<?> type, boolean nested, Set<String> names) {
        names.add(type.getName());
        if (nested) {
            for (Class<?> inner : type.getDeclaredClasses()) {
                register(inner, true, names);
            }
        }
    }

    @Test
    void every_class_registered_by_its_name_exists() throws ClassNotFoundException {
        for (String name :
                NativeImage.class.getAnnotation(RegisterForReflection.class).classNames()) {
            assertThat(Class.forName(name, false, getClass().getClassLoader())).isNotNull();
        }
    }
}
