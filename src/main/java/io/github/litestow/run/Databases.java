package io.github.litestow.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.config.ConfiguredService;
import io.github.litestow.engine.Litestream;
import io.github.litestow.journal.Journal;
import io.github.litestow.lease.LeaseThreads;
import io.github.litestow.store.Replica;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Every configured database, wired. Immutable after construction. */
@ApplicationScoped
public class Databases {
    private static final Logger LOG = Logger.getLogger(Databases.class);

    private final List<Database> all;
    private final LeaseThreads leaseThreads = new LeaseThreads();

    /** For the container's client proxy only. */
    protected Databases() {
        this.all = List.of();
    }

    /** Wires every database of the settings. */
    @Inject
    public Databases(ConfiguredService settings, Litestream litestream, ObjectMapper json) {
        List<Database> wired = new ArrayList<>();
        for (ConfiguredDatabase one : settings.databases()) {
            Replica replica = Replica.of(one, litestream, json);
            if (!replica.keepsObjects()) {
                LOG.warnf(
                        "%s: %s:// is passed through to litestream. It has no lease (let one service only write there),"
                                + " no pruning (bound it by the storage's own rules), no identity and no proofs at the"
                                + " replica (a new machine knows neither)",
                        one.name(), one.replica().scheme());
            }
            wired.add(new Database(
                    one,
                    Journal.open(one.stateFolder(), json),
                    replica,
                    new DatabaseLock(one.stateFolder()),
                    new CurrentRun(one.stateFolder(), json),
                    leaseThreads));
        }
        this.all = List.copyOf(wired);
    }

    /** Keeps no lease any more; they were given back before. */
    @PreDestroy
    void close() {
        leaseThreads.close();
    }

    /** Returns every database, in name order. */
    public List<Database> all() {
        return all;
    }

    /** Returns the database of this name. */
    public Optional<Database> named(String name) {
        return all.stream().filter(database -> database.name().equals(name)).findFirst();
    }
}
