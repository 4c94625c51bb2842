package io.github.litestow.page;

import io.quarkus.qute.runtime.EngineProducer;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Reception;
import jakarta.enterprise.inject.build.compatible.spi.AnnotationBuilder;
import jakarta.enterprise.inject.build.compatible.spi.BuildCompatibleExtension;
import jakarta.enterprise.inject.build.compatible.spi.ClassConfig;
import jakarta.enterprise.inject.build.compatible.spi.Enhancement;
import jakarta.enterprise.inject.build.compatible.spi.ParameterConfig;

/**
 * The page's templates are parsed when somebody first opens it. Qute parses them at each start, also of a command,
 * although they were checked while the program was built.
 */
public final class TemplatesOnDemand implements BuildCompatibleExtension {
    /** Has nothing make Qute's engine at the start, nor at the end to say that it is over. Called by the build. */
    @Enhancement(types = EngineProducer.class)
    public void postpone(ClassConfig engine) {
        engine.removeAnnotation(mark -> mark.name().equals(Startup.class.getName()));
        engine.methods().stream()
                .flatMap(method -> method.parameters().stream())
                .filter(parameter -> parameter.info().hasAnnotation(Observes.class))
                .forEach(TemplatesOnDemand::onlyOnceMade);
    }

    private static void onlyOnceMade(ParameterConfig event) {
        event.removeAnnotation(mark -> mark.name().equals(Observes.class.getName()));
        event.addAnnotation(AnnotationBuilder.of(Observes.class)
                .member("notifyObserver", Reception.IF_EXISTS)
                .build());
    }
}
