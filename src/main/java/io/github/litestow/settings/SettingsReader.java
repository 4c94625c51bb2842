package io.github.litestow.settings;

import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.smallrye.config.SmallRyeConfig;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Reads the configuration into {@link ServiceSettings}, or says in one line what is wrong, where it
 * was set and what is accepted.
 *
 * <p>Not for concurrent use; make one where it is needed.
 */
public final class SettingsReader {
    /** The name of the database that the top-level settings describe. */
    public static final String DEFAULT_DATABASE = "default";

    private static final int SHORTEST_TOKEN = 16;

    private final SmallRyeConfig config;
    private final Clock clock;

    /**
     * Creates a reader.
     *
     * @param config where to read
     * @param clock tells whether a cron still fires
     */
    public SettingsReader(SmallRyeConfig config, Clock clock) {
        this.config = config;
        this.clock = clock;
    }

    /**
     * Reads and judges every setting, then creates the folders of the databases.
     *
     * <p>The database named {@code default} exists when a top-level replica URL is set, when {@code
     * litestow.databases.default} has an entry, and when there is no other database (and then a
     * missing replica URL is the failure).
     *
     * @throws Failure of kind {@link FailureKind#SETTINGS}, without secrets
     */
    public ServiceSettings read() throws Failure {
        KnownNames names = new KnownNames(config);
        names.refuseUnknown();
        Lookup top = Lookup.top(config);
        List<DatabaseReader.Draft> drafts = new ArrayList<>();
        for (String name : databases(names, top)) {
            drafts.add(new DatabaseReader(name, Lookup.entry(config, name), clock).read());
        }
        Optional<Given> binary = top.given(Setting.LITESTREAM_BINARY);
        Optional<Path> litestream =
                binary.isPresent() ? Optional.of(Values.path(binary.get()).toAbsolutePath()) : Optional.empty();
        var grace = Values.positive(top.orDefault(Setting.SHUTDOWN_GRACE));
        Optional<Given> most = top.given(Setting.CONCURRENCY);
        int concurrency = most.isPresent() ? Values.atLeastOne(most.get()) : ServiceSettings.processors();
        Optional<Secret> token = token(top);
        return new ServiceSettings(place(drafts), litestream, grace, token, concurrency);
    }

    /**
     * Finds the settings failure in what Quarkus' start-up threw: an {@link InvalidSettings}, or a
     * configuration that Quarkus itself could not read or map.
     *
     * @return empty when the exception has nothing to do with settings
     */
    public static Optional<Failure> explain(Throwable thrown) {
        return StartupErrors.explain(thrown);
    }

    /** Returns the names of the databases that are configured, in order. */
    static NavigableSet<String> databases(KnownNames names, Lookup top) throws Failure {
        NavigableSet<String> databases = new TreeSet<>(names.databases());
        if (databases.isEmpty() || top.given(Setting.REPLICA_URL).isPresent()) {
            databases.add(DEFAULT_DATABASE);
        }
        return databases;
    }

    private static List<DatabaseSettings> place(List<DatabaseReader.Draft> drafts) throws Failure {
        List<Together.Placed> placed = new ArrayList<>();
        for (DatabaseReader.Draft draft : drafts) {
            placed.add(new Together.Placed(draft.place(), draft));
        }
        Together.check(placed);
        return placed.stream().map(Together.Placed::settings).toList();
    }

    private static Optional<Secret> token(Lookup top) throws Failure {
        Optional<SecretFiles.Found> token = SecretFiles.find(top, Setting.API_TOKEN);
        if (token.isPresent() && token.get().secret().reveal().length() < SHORTEST_TOKEN) {
            throw token.get().given().refuse("the token is too short");
        }
        return token.map(SecretFiles.Found::secret);
    }
}
