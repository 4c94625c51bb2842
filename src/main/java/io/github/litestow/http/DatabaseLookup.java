package io.github.litestow.http;

import io.github.litestow.run.Database;
import io.github.litestow.run.Databases;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** The databases that requests name. Safe for concurrent use. */
@ApplicationScoped
public class DatabaseLookup {
    private final Databases databases;

    /** Looks them up in {@code databases}. */
    public DatabaseLookup(Databases databases) {
        this.databases = databases;
    }

    /** Returns every database, in the order of their names. */
    List<Database> all() {
        return databases.all();
    }

    /**
     * Returns the database of this name.
     *
     * @throws Refused when there is none
     */
    Database named(String name) {
        return databases.named(name).orElseThrow(() -> Refused.notFound("No database has this name."));
    }
}
