package io.github.litestow.lease;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.regex.Pattern;

/**
 * What the lease of a database names instead of a time of its own: it is valid for as long as this life
 * of that service's lease. Immutable.
 *
 * @param id names the service's object, {@code litestow/services/ID.json}
 * @param epoch one life of that lease: from its first write until it is given back or ended by others
 * @param up how many parts of the database's replica URL come after the place that holds that object
 * @param ttlMillis how long the service's lease lives without being renewed
 */
@RegisterForReflection
record ServiceReference(String id, String epoch, int up, long ttlMillis) {
    private static final Pattern ID = Pattern.compile("[0-9a-f]{8,64}");
    private static final int MAX_UP = 64;

    boolean whole() {
        return id != null
                && ID.matcher(id).matches()
                && epoch != null
                && !epoch.isEmpty()
                && up > 0
                && up <= MAX_UP
                && ttlMillis > 0;
    }

    /** Returns the key of the service's lease, at the place that holds it. */
    String key() {
        return key(id);
    }

    static String key(String id) {
        return "litestow/services/" + id + ".json";
    }
}
