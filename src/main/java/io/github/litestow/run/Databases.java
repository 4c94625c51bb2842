package io.github.litestow.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.config.ConfiguredService;
import io.github.litestow.config.DatabaseGroup;
import io.github.litestow.engine.Litestream;
import io.github.litestow.journal.Journal;
import io.github.litestow.lease.HostLock;
import io.github.litestow.lease.LeaseHeartbeat;
import io.github.litestow.lease.LeaseThreads;
import io.github.litestow.lease.ReplicaLease;
import io.github.litestow.lease.RestingLease;
import io.github.litestow.lease.ServiceLease;
import io.github.litestow.outcome.Failure;
import io.github.litestow.sqlite.StateFolder;
import io.github.litestow.store.Replica;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jboss.logging.Logger;

/**
 * Every known database, wired: those that are configured by themselves from the beginning, those of groups
 * once they are found. Safe for concurrent use.
 */
@ApplicationScoped
public class Databases {
    private static final Logger LOG = Logger.getLogger(Databases.class);

    private final NavigableMap<String, Database> all = new ConcurrentSkipListMap<>();
    private final Map<String, HostLock> groupLocks = new ConcurrentHashMap<>();
    private final NavigableMap<String, List<String>> unprotected = new ConcurrentSkipListMap<>();
    private final Set<String> begun = ConcurrentHashMap.newKeySet();
    private final Map<String, ServiceLease> serviceLeases = new ConcurrentHashMap<>();
    private final Map<String, StoreTrial> trials = new ConcurrentHashMap<>();
    private final LeaseThreads leaseThreads = new LeaseThreads();
    private final Litestream litestream;
    private final ObjectMapper json;
    private final boolean serving;

    /** For the container's client proxy only. */
    protected Databases() {
        this.litestream = null;
        this.json = null;
        this.serving = false;
    }

    /** Wires every database that is configured by itself, for a process that ends with its runs. */
    public Databases(ConfiguredService settings, Litestream litestream, ObjectMapper json) {
        this(settings, litestream, json, false);
    }

    /** Wires every database that is configured by itself. */
    @Inject
    public Databases(ConfiguredService settings, Litestream litestream, ObjectMapper json, LaunchMode launchMode) {
        this(settings, litestream, json, launchMode.serving());
    }

    private Databases(ConfiguredService settings, Litestream litestream, ObjectMapper json, boolean serving) {
        this.litestream = litestream;
        this.json = json;
        this.serving = serving;
        for (ConfiguredDatabase one : settings.databases()) {
            Database database = wired(one);
            all.put(one.name(), database);
            if (!database.replica().keepsObjects()) {
                LOG.warnf(
                        "%s: %s:// is passed through to litestream. It has no lease (let one service only write there),"
                                + " no pruning (bound it by the storage's own rules), no identity and no proofs at the"
                                + " replica (a new machine knows neither)",
                        one.name(), one.replica().scheme());
            }
        }
    }

    /**
     * Returns the database of a group with this name, which is known from now on.
     *
     * @param member its name within the group
     */
    public Database add(DatabaseGroup group, String member) {
        return all.computeIfAbsent(group.fullName(member), name -> wired(group.database(member)));
    }

    /** Forgets a database of a group, of which there is nothing: neither a file, nor a record, nor a replica. */
    public void forget(Database database) {
        all.remove(database.name(), database);
    }

    /** Says that what there is of a group is known, and that what is not ready yet is being restored. */
    public void begun(DatabaseGroup group) {
        begun.add(group.name());
    }

    /** Returns whether what there is of a group is known, and here or rightly not here. */
    public boolean ready(DatabaseGroup group) {
        return begun.contains(group.name()) && of(group).stream().allMatch(Database::ready);
    }

    /** Returns the lock that a service holds on a whole group, and that others share for a run. */
    public HostLock lock(DatabaseGroup group) {
        return groupLocks.computeIfAbsent(group.name(), name -> new HostLock(StateFolder.of(group)));
    }

    /** Keeps no lease any more; they were given back before. */
    @PreDestroy
    public void close() {
        leaseThreads.close();
    }

    /**
     * Says what the latest look at a group's folder found to be nobody's backup.
     *
     * @param files what fits the group's path and cannot be one of its databases, each with the reason
     */
    public void unprotected(DatabaseGroup group, List<String> files) {
        unprotected.put(group.name(), List.copyOf(files));
    }

    /** Returns what looks like a database of a group and is not backed up, each with the reason, for a person. */
    public List<String> unprotected() {
        return unprotected.values().stream().flatMap(List::stream).toList();
    }

    /** Returns every database that is known now, in name order. */
    public List<Database> all() {
        return List.copyOf(all.values());
    }

    /** Returns the known databases of a group, in name order. */
    public List<Database> of(DatabaseGroup group) {
        return all.values().stream()
                .filter(database -> database.settings()
                        .group()
                        .filter(other -> other.name().equals(group.name()))
                        .isPresent())
                .toList();
    }

    /** Returns the known database of this name. */
    public Optional<Database> named(String name) {
        return Optional.ofNullable(all.get(name));
    }

    private Database wired(ConfiguredDatabase one) {
        Replica replica = Replica.of(one, litestream, json);
        DatabaseLock lock = new DatabaseLock(one.stateFolder(), one.group().map(this::lock));
        return new Database(
                one,
                Journal.open(one.stateFolder(), json),
                replica,
                lock,
                new CurrentRun(one.stateFolder(), json),
                lease(one, replica, lock),
                one.group()
                        .map(group -> trials.computeIfAbsent(group.name(), name -> new StoreTrial()))
                        .orElseGet(StoreTrial::new));
    }

    /**
     * Returns the place that the replicas of a group are in, for what they share.
     *
     * @throws Failure when there is no such place
     */
    public Replica place(DatabaseGroup group) throws Failure {
        return Replica.of(group.database("any"), litestream, json).above(group.partsBelowRoot());
    }

    /** Of a group in the service it rests on the service's own; a command needs one for its run only. */
    private ReplicaLease lease(ConfiguredDatabase one, Replica replica, DatabaseLock lock) {
        if (!serving || one.group().isEmpty() || !replica.keepsObjects()) {
            return new LeaseHeartbeat(one, replica, lock.host(), leaseThreads);
        }
        DatabaseGroup group = one.group().get();
        return new RestingLease(one.name(), replica, group.partsBelowRoot(), serviceLease(group, one));
    }

    private ServiceLease serviceLease(DatabaseGroup group, ConfiguredDatabase one) {
        return serviceLeases.computeIfAbsent(group.name(), name -> {
            try {
                return new ServiceLease(
                        group.title(), place(group), one.replicaHost(), one.leaseTime(), lock(group), leaseThreads);
            } catch (Failure e) {
                throw new IllegalStateException("a name is a part of the URL", e);
            }
        });
    }

    /** Gives back the leases of this service, and with them every database of a group that rests on one. */
    public void giveBack() {
        serviceLeases.values().forEach(ServiceLease::giveBack);
    }
}
