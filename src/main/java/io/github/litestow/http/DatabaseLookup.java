package io.github.litestow.http;

import io.github.litestow.discovery.Discovery;
import io.github.litestow.outcome.Failure;
import io.github.litestow.run.Database;
import io.github.litestow.run.Databases;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Optional;

/** The databases that requests name. Safe for concurrent use. */
@ApplicationScoped
public class DatabaseLookup {
    private final Databases databases;
    private final Discovery discovery;

    /** Looks them up in {@code databases}, and what is not known there yet by {@code discovery}. */
    public DatabaseLookup(Databases databases, Discovery discovery) {
        this.databases = databases;
        this.discovery = discovery;
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
        return databases.named(name).orElseThrow(DatabaseLookup::unknown);
    }

    /** Returns the database of this name, if it is known. */
    Optional<Database> known(String name) {
        return databases.named(name);
    }

    /**
     * Returns the database of this name, which may be one of a group of which nobody here knows yet. Asks its
     * replica, so only for who has the token.
     *
     * @throws Refused when there is none, or that cannot be found out
     */
    Database discovered(String name) {
        try {
            return discovery.named(name).orElseThrow(DatabaseLookup::unknown);
        } catch (Failure e) {
            throw new Refused(
                    Response.Status.BAD_GATEWAY,
                    e.kind(),
                    "The replica could not be asked for this database: "
                            + e.kind().label() + ". The log says why and what to do.");
        }
    }

    private static Refused unknown() {
        return Refused.notFound("No database has this name.");
    }
}
