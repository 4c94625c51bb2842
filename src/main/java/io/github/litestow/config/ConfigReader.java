package io.github.litestow.config;

import io.github.litestow.LitestowConfig;
import io.github.litestow.config.CrossDatabaseRules.Placed;
import io.github.litestow.config.SettingNames.Mapped;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.SmallRyeConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Maps the configuration to {@link ConfiguredService}, or says what is wrong: every mistake at once, one line
 * each, with where it was set and what is accepted. First every text is judged, and only when all are right
 * is the disk touched.
 */
public final class ConfigReader {
    /** The name of the database that the top-level settings describe. */
    public static final String DEFAULT_DATABASE = "default";

    /** SmallRye says so in words only. The value, which the message repeats, is left out. */
    private static final Pattern REFUSED = Pattern.compile(
            ".*SRCFG00039: The config property (\\S+) with the config value \".*\" threw an Exception whilst being"
                    + " converted (.*)",
            Pattern.DOTALL);

    private static final Pattern MISSING = Pattern.compile(".*SRCFG00014: The config property (\\S+) is required.*");
    private static final Pattern OTHER = Pattern.compile(".*?(SRCFG\\d+).*", Pattern.DOTALL);
    /** References to nothing and unknown names, which are looked for by themselves. */
    private static final Set<String> TOLD_ALREADY = Set.of("SRCFG00011", "SRCFG00050");

    private final SmallRyeConfig config;
    /** By message: what databases inherit is told once. */
    private final Map<String, Failure> mistakes = new LinkedHashMap<>();

    private ConfigReader(SmallRyeConfig config) {
        this.config = config;
    }

    /**
     * Reads and judges every setting, then creates the folders of the databases.
     *
     * @throws InvalidSettings with every mistake, without secrets
     */
    public static ConfiguredService read(SmallRyeConfig config) {
        return new ConfigReader(config).read();
    }

    /**
     * Returns the names of the configured databases, in order. The one named {@code default} exists when a
     * top-level replica URL is set, when {@code litestow.databases.default} has an entry, and when there is
     * no other (and then a missing replica URL is the mistake).
     */
    static NavigableSet<String> databases(SmallRyeConfig config, KnownNames names) {
        NavigableSet<String> databases = names.databases();
        if (databases.isEmpty() || config.getConfigValue("litestow.replica-url").getValue() != null) {
            databases.add(DEFAULT_DATABASE);
        }
        return databases;
    }

    private ConfiguredService read() {
        KnownNames names = new KnownNames(config);
        names.mistakes().forEach(this::add);
        Optional<LitestowConfig> service = map(LitestowConfig.class, SettingNames.PREFIX, Mapped.SERVICE.keySet());
        SecretPairs secrets = new SecretPairs(config);
        secrets.refuseBoth(SettingNames.PREFIX, "api.token").ifPresent(this::add);
        secrets.refuseBoth(SettingNames.PREFIX, "notify.urls").ifPresent(this::add);
        Map<String, LitestowConfig.Database> databases = new LinkedHashMap<>();
        for (String name : databases(config, names)) {
            String prefix = SettingNames.DATABASES + name + ".";
            map(LitestowConfig.Database.class, prefix, Mapped.DATABASE.keySet())
                    .ifPresent(database -> databases.put(name, database));
            secrets.mistakes(prefix).forEach(this::add);
        }
        service.flatMap(this::mailWithoutSender).ifPresent(this::add);
        end();
        List<Placed> placed = place(databases);
        LitestowConfig settings = service.orElseThrow();
        if (settings.shard().isPresent()
                && placed.stream().allMatch(one -> one.database().group().isEmpty())) {
            add(ConfiguredValue.of(config, "litestow.shard", new ShardRules.Rule())
                    .refuse("no group of databases is configured of which there could be a part"));
            end();
        }
        return new ConfiguredService(
                placed.stream()
                        .map(Placed::database)
                        .filter(database -> database.group().isEmpty())
                        .toList(),
                placed.stream().flatMap(one -> one.database().group().stream()).toList(),
                settings.litestreamBinary(),
                settings.shutdownGrace(),
                settings.apiToken().or(settings::apiTokenFile),
                settings.concurrency().orElseGet(Runtime.getRuntime()::availableProcessors),
                settings.discoveryEvery(),
                settings.metricsPerDatabase(),
                settings.page(),
                telling(settings),
                settings.shard());
    }

    /** Quarkus' mailer would say so when the first mail is to go, which is too late. */
    private Optional<Failure> mailWithoutSender(LitestowConfig settings) {
        boolean mail = telling(settings).targets().stream().anyMatch(to -> to.kind() == NotifyTarget.Kind.MAIL);
        boolean sender = config.getConfigValue("quarkus.mailer.from").getValue() != null;
        return mail && !sender
                ? Optional.of(new Failure(
                        FailureKind.SETTINGS,
                        "LITESTOW_NOTIFY_URLS has a mailto:, but no sender is set; accepted: QUARKUS_MAILER_FROM, with"
                                + " QUARKUS_MAILER_HOST and what else the mail server wants",
                        "Set QUARKUS_MAILER_FROM."))
                : Optional.empty();
    }

    private static NotifySettings telling(LitestowConfig settings) {
        return new NotifySettings(
                settings.telling()
                        .urls()
                        .or(settings.telling()::urlsFile)
                        .map(urls -> NotifyTarget.parse(urls.reveal()))
                        .orElse(List.of()),
                settings.telling().on(),
                settings.telling().remind(),
                settings.publicUrl());
    }

    private void add(Failure mistake) {
        mistakes.putIfAbsent(mistake.getMessage(), mistake);
    }

    private void end() {
        if (!mistakes.isEmpty()) {
            throw new InvalidSettings(List.copyOf(mistakes.values()));
        }
    }

    /** Maps one group of settings, by itself so that a mistake in it hides none in another. */
    private <T> Optional<T> map(Class<T> group, String prefix, Set<String> names) {
        for (String name : names) {
            ConfigValue value = config.getConfigValue(prefix + name);
            (SettingNames.secret(name) ? DecodedText.mistake(value) : unusable(value)).ifPresent(this::add);
        }
        String path = prefix.substring(0, prefix.length() - 1);
        try {
            // Of the two ways to register, the one that leaves unknown names to us.
            ConfigMappings.registerConfigProperties(config, Set.of(new ConfigClass(group, path)));
            return Optional.of(config.getConfigMapping(group, path));
        } catch (ConfigValidationException invalid) {
            List<String> problems = new ArrayList<>();
            for (int i = 0; i < invalid.getProblemCount(); i++) {
                problems.add(invalid.getProblem(i).getMessage());
            }
            problems.stream()
                    .sorted()
                    .flatMap(problem -> mistake(problem).stream())
                    .forEach(this::add);
            return Optional.empty();
        }
    }

    /** Returns what is wrong with a value whatever its setting. */
    private static Optional<Failure> unusable(ConfigValue value) {
        // SmallRye hands out no value then, as if nothing were set.
        return value.hasProblems()
                ? Optional.of(
                        new ConfiguredValue(Origins.of(value), "a reference to one that is, or \\${ for a literal ${")
                                .refuse("it refers by ${…} to a property that is not set"))
                : DecodedText.mistake(value);
    }

    private Optional<Failure> mistake(String problem) {
        Matcher refused = REFUSED.matcher(problem);
        if (refused.matches()) {
            ConfigValue value = config.getConfigValue(refused.group(1).replaceFirst("^%[^.]+\\.", ""));
            if (DecodedText.mistake(value).isPresent()) {
                return Optional.empty();
            }
            String origin = Origins.of(value);
            return Optional.of(
                    new Failure(FailureKind.SETTINGS, origin + ": " + refused.group(2), "Correct " + origin + "."));
        }
        Matcher missing = MISSING.matcher(problem);
        if (missing.matches()) {
            return Optional.of(missing(missing.group(1)));
        }
        Matcher other = OTHER.matcher(problem);
        String code = other.matches() ? other.group(1) : "unknown";
        return TOLD_ALREADY.contains(code)
                ? Optional.empty()
                : Optional.of(new Failure(
                        FailureKind.SETTINGS,
                        "the settings cannot be mapped (" + code + "); accepted: what the manual lists",
                        "Correct the configuration."));
    }

    /** Only the replica URL is required. */
    private static Failure missing(String key) {
        String topLevel = SettingNames.DATABASES + DEFAULT_DATABASE + ".";
        String variable = key.startsWith(topLevel)
                ? SettingNames.environmentName(SettingNames.topLevel(key.substring(topLevel.length())))
                : SettingNames.variable(key);
        return new Failure(
                FailureKind.SETTINGS,
                variable + " is not set in the environment, .env or config/application.yaml; accepted: "
                        + new UrlRules.Replica().accepted(),
                "Set " + variable + ".");
    }

    private List<Placed> place(Map<String, LitestowConfig.Database> databases) {
        List<Placed> placed = new ArrayList<>();
        databases.forEach((name, settings) -> {
            try {
                placed.add(place(name, settings, databases.keySet()));
            } catch (Failure mistake) {
                add(mistake);
            }
        });
        end();
        CrossDatabaseRules.mistakes(placed).forEach(this::add);
        GroupRules.mistakes(placed).forEach(this::add);
        end();
        return placed;
    }

    private Placed place(String name, LitestowConfig.Database settings, Set<String> names) throws Failure {
        String prefix = SettingNames.DATABASES + name + ".";
        ConfiguredValue folder = ConfiguredValue.of(config, prefix + "folder", new PathRules.Folder());
        ConfiguredValue file = ConfiguredValue.of(config, prefix + "path", new PathRules.FileName());
        ConfiguredValue replica = ConfiguredValue.of(config, prefix + "replica-url", new UrlRules.Replica());
        GroupRules.refuseHalfNamed(settings, file, replica);
        Path real = LocalFiles.folder(folder, settings.folder());
        ConfiguredDatabase database = database(name, real, settings, names);
        LocalFiles.refuseObstacles(file, database);
        S3Contradictions.refuse(config, prefix, database);
        Optional<Path> replicaFolder = database.replica().folder();
        return new Placed(
                database,
                replicaFolder.isPresent()
                        ? Optional.of(LocalFiles.resolved(replica, replicaFolder.get()))
                        : Optional.empty(),
                folder,
                file,
                replica);
    }

    /** A group is judged by one database of it, which is called {@code {name}}. */
    private static ConfiguredDatabase database(
            String name, Path folder, LitestowConfig.Database settings, Set<String> names) {
        S3Settings s3 = S3Settings.of(settings);
        Path path = folder.resolve(settings.path());
        if (!NamePattern.in(settings.path())) {
            return new ConfiguredDatabase(name, path, settings.replicaUrl(), s3, settings);
        }
        boolean topLevel = name.equals(DEFAULT_DATABASE);
        DatabaseGroup group = new DatabaseGroup(
                topLevel ? "" : name,
                folder,
                NamePattern.of(settings.path()),
                NamePattern.of(settings.replicaUrl().url()),
                settings.replicaUrl().scheme(),
                s3,
                settings,
                topLevel ? names.stream().filter(other -> !other.equals(name)).collect(Collectors.toSet()) : Set.of());
        return new ConfiguredDatabase(name, path, settings.replicaUrl(), s3, settings, Optional.of(group));
    }
}
