package io.github.litestow.cli;

import io.github.litestow.config.EffectiveSettings;
import io.github.litestow.config.EffectiveSettings.Effective;
import io.github.litestow.outcome.Failure;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.config.SmallRyeConfig;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.eclipse.microprofile.config.ConfigProvider;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * {@code config}: the settings in effect and where each was set. Asks neither the replica nor the
 * journal: it is what one turns to when they cannot be reached.
 */
@Command(
        name = "config",
        description = {
            "Print the settings in effect, where each was set, and what they come to; secrets are covered.",
            "Needs neither the replica nor the database. A mistake in the settings is exit code 2, as everywhere."
        },
        mixinStandardHelpOptions = true)
final class ConfigCommand extends CliCommand {
    @Mixin
    DatabaseNames names;

    /** What {@code --json} prints: settings by key, those of databases by name and key, and what they come to. */
    @RegisterForReflection
    record SettingsDocument(
            Map<String, Effective> service, Map<String, Map<String, Effective>> databases, InEffect inEffect)
            implements JsonDocument {}

    @Override
    int run(CommandContext context) throws Failure {
        EffectiveSettings settings =
                new EffectiveSettings(ConfigProvider.getConfig().unwrap(SmallRyeConfig.class));
        Map<String, Map<String, Effective>> databases = new LinkedHashMap<>();
        List<String> wanted = names.among(List.copyOf(settings.databases()));
        for (String name : wanted) {
            databases.put(name, settings.of(name));
        }
        SettingsDocument document = new SettingsDocument(settings.ofService(), databases, InEffect.of(wanted, context));
        Output output = context.output();
        if (json()) {
            output.print(document);
        } else {
            print(output.out(), "service", document.service());
            document.databases().forEach((name, values) -> print(output.out(), name, values));
            document.inEffect().lines().forEach(output.out()::println);
        }
        return ExitCodes.DONE;
    }

    private static void print(PrintStream out, String title, Map<String, Effective> values) {
        out.println(title + ":");
        values.forEach(
                (key, value) -> out.printf(Locale.ROOT, "  %-34s %-24s # %s%n", key, value.value(), value.source()));
    }
}
