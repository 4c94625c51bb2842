package io.github.litestow.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.journal.DatabaseState;
import io.github.litestow.outcome.RunRecord;
import io.github.litestow.run.prune.PruneReport;
import io.github.litestow.run.restore.RestorePointList;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A record that Jackson meets and a native image was not told of fails there, and only there. */
class NativeImageTest {
    private static final String OURS = "io.github.litestow";
    private static final List<String> REGISTERED =
            List.of(NativeImage.class.getAnnotation(RegisterForReflection.class).classNames());

    @Test
    void every_record_that_is_read_or_written_as_json_is_registered()
            throws IOException, URISyntaxException, ClassNotFoundException {
        Set<String> met = new TreeSet<>();
        Deque<Type> open = new ArrayDeque<>(
                List.of(DatabaseState.class, RunRecord.class, RestorePointList.class, PruneReport.class));
        open.addAll(documents());
        while (!open.isEmpty()) {
            Type next = open.remove();
            if (next instanceof ParameterizedType generic) {
                open.addAll(Arrays.asList(generic.getActualTypeArguments()));
            } else if (next instanceof Class<?> type && type.getName().startsWith(OURS) && met.add(type.getName())) {
                if (type.isRecord()) {
                    Stream.of(type.getRecordComponents())
                            .map(RecordComponent::getGenericType)
                            .forEach(open::add);
                }
                if (type.isSealed()) {
                    open.addAll(Arrays.asList(type.getPermittedSubclasses()));
                }
            }
        }
        met.remove(OURS + ".outcome.Outcome$AtPoint");
        assertThat(REGISTERED).containsAll(met);
    }

    /** By convention a record that stands for a whole JSON document is named so. */
    private static List<Class<?>> documents() throws IOException, URISyntaxException, ClassNotFoundException {
        Path classes = Path.of(NativeImage.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        List<Class<?>> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(file -> file.toString().endsWith("Document.class"))
                    .toList()) {
                String name = classes.relativize(file).toString().replace('/', '.');
                found.add(Class.forName(
                        name.substring(0, name.length() - ".class".length()),
                        false,
                        NativeImageTest.class.getClassLoader()));
            }
        }
        assertThat(found).isNotEmpty();
        return found;
    }

    @Test
    void every_registered_class_exists() throws ClassNotFoundException {
        for (String name : REGISTERED) {
            assertThat(Class.forName(name, false, getClass().getClassLoader())).isNotNull();
        }
    }
}
