package io.github.litestow.http;

import io.github.litestow.report.BackupState;
import io.github.litestow.report.FleetStatus;
import io.github.litestow.report.StatusService;
import io.github.litestow.run.Database;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Which databases a listing shows: all of few, the worst of many, or page by page those that match. */
final class DatabasePages {
    private static final int DEFAULT_LIMIT = 100;
    private static final int MAX_LIMIT = 1_000;
    private static final int MAX_OFFSET = 1_000_000;

    private final DatabaseLookup databases;
    private final StatusService status;

    DatabasePages(DatabaseLookup databases, StatusService status) {
        this.databases = databases;
        this.status = status;
    }

    /** What was asked for, as it was written. */
    record Wanted(Optional<String> state, Optional<String> q, Optional<String> limit, Optional<String> offset) {
        private boolean nothing() {
            return state.isEmpty() && q.isEmpty() && limit.isEmpty() && offset.isEmpty();
        }
    }

    /**
     * Returns the page.
     *
     * @throws Refused when what was asked for is malformed
     */
    DatabaseView.Page of(Wanted wanted) {
        Optional<BackupState> state = wanted.state().map(DatabasePages::state);
        int limit =
                wanted.limit().map(text -> number("limit", text, 1, MAX_LIMIT)).orElse(DEFAULT_LIMIT);
        int offset = wanted.offset()
                .map(text -> number("offset", text, 0, MAX_OFFSET))
                .orElse(0);
        List<Database> all = databases.all();
        Map<String, Integer> states = new TreeMap<>();
        FleetStatus fleet = status.fleet();
        fleet.states().forEach((one, count) -> states.put(one.label(), count));
        if (wanted.nothing()) {
            List<DatabaseView> shown = all.size() <= FleetStatus.MANY
                    ? all.stream().map(one -> view(status, one)).toList()
                    : fleet.worst().stream()
                            .flatMap(one -> databases.known(one.backup().database()).stream())
                            .map(one -> view(status, one))
                            .toList();
            return new DatabaseView.Page(all.size(), states, shown);
        }
        List<Database> matching = all.stream()
                .filter(one ->
                        wanted.q().filter(text -> !one.name().contains(text)).isEmpty())
                .filter(one -> state.isEmpty()
                        || status.of(one.settings())
                                .filter(known -> known.backup().state() == state.get())
                                .isPresent())
                .toList();
        List<DatabaseView> page = matching.stream()
                .skip(offset)
                .limit(limit)
                .map(one -> view(status, one))
                .toList();
        return new DatabaseView.Page(matching.size(), states, page);
    }

    /** Returns what anybody may know of a database. */
    static DatabaseView view(StatusService status, Database database) {
        return DatabaseView.of(
                database.settings(), status.of(database.settings()).orElseThrow(), database.ready());
    }

    private static BackupState state(String text) {
        return Arrays.stream(BackupState.values())
                .filter(state -> state.label().equals(text))
                .findFirst()
                .orElseThrow(() -> Refused.malformed("state is none of "
                        + Arrays.stream(BackupState.values())
                                .map(BackupState::label)
                                .collect(Collectors.joining(", "))
                        + "."));
    }

    private static int number(String name, String text, int least, int most) {
        int number = text.matches("\\d{1,7}") ? Integer.parseInt(text) : -1;
        if (number < least || number > most) {
            throw Refused.malformed(name + " is not a number from " + least + " to " + most + ".");
        }
        return number;
    }
}
