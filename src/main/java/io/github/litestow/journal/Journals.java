package io.github.litestow.journal;

import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/** The journals of this process by database name. Safe for concurrent use. */
@ApplicationScoped
public class Journals {
    private final ObjectMapper json;
    private final Map<String, Journal> open = new ConcurrentSkipListMap<>();

    /** Reads and writes journals through {@code json}. */
    public Journals(ObjectMapper json) {
        this.json = json;
    }

    /**
     * Opens the journal of a database, once. One that cannot be read is that database's trouble alone:
     * its runs fail and say so.
     *
     * @param name the database's name
     * @param folder its state folder, which need not exist yet
     */
    public Journal open(String name, Path folder) {
        return open.computeIfAbsent(name, absent -> Journal.open(folder, json));
    }

    /** Returns every journal that was opened, in the order of their databases' names. */
    public List<Journal> all() {
        return List.copyOf(open.values());
    }

    /** Returns the journal of a database that was opened. */
    public Optional<Journal> named(String name) {
        return Optional.ofNullable(open.get(name));
    }
}
