package io.github.litestow.page;

import io.github.litestow.config.ConfiguredService;
import io.quarkus.qute.Engine;
import io.quarkus.qute.Template;
import io.quarkus.qute.TemplateInstance;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Makes HTML of what is to be shown. Safe for concurrent use. */
@ApplicationScoped
public class Templates {
    private final Engine engine;
    private final boolean actions;
    private final String version;
    private final Assets assets = new Assets();
    private final Mends mends = new Mends();

    /** Renders with {@code engine}. */
    @Inject
    public Templates(
            Engine engine,
            ConfiguredService settings,
            @ConfigProperty(name = "quarkus.application.version") String version) {
        this(engine, settings.apiToken().isPresent(), version);
    }

    Templates(Engine engine, boolean actions, String version) {
        this.engine = engine;
        this.actions = actions;
        this.version = version;
    }

    /** Returns a whole page or a part of one. */
    String render(String name, Map<String, Object> data) {
        Template template = engine.getTemplate("page/" + name + ".html");
        TemplateInstance instance = template.instance();
        instance.data("frame", new Frame(assets.version(), actions, version));
        data.forEach(instance::data);
        return instance.render();
    }

    Assets assets() {
        return assets;
    }

    Mends mends() {
        return mends;
    }
}
