package io.github.litestow.notify;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.github.litestow.config.NotifyEvent;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.report.BackupState;
import io.github.litestow.report.DatabaseStatus;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What people are told. Its JSON is part of the outside contract. Immutable.
 *
 * @param event what happened
 * @param database whose name it is about; several are named in short
 * @param time when it is told of
 * @param since since when it is so
 * @param kind of a failure, its kind
 * @param cause what happened, without a full stop
 * @param hint what to do next; empty when there is nothing to do
 * @param lastSuccess when a snapshot last succeeded
 * @param lastProven when the replica was last proven
 * @param url where to look, if the service knows how people reach it
 * @param reminder whether it was told before
 * @param databases all of them, when it is about several
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_EMPTY)
record Message(
        NotifyEvent event,
        String database,
        Instant time,
        Optional<Instant> since,
        Optional<FailureKind> kind,
        String cause,
        String hint,
        Optional<Instant> lastSuccess,
        Optional<Instant> lastProven,
        Optional<String> url,
        boolean reminder,
        List<String> databases) {
    private static final int NAMED = 3;
    private static final int LISTED = 100;

    Message {
        databases = List.copyOf(databases);
    }

    /** Returns the message of what is told. */
    static Message of(Told.Entry entry, DatabaseStatus status, Optional<String> publicUrl) {
        String name = status.backup().database();
        boolean gone = entry.event() == NotifyEvent.RECOVERY && status.backup().state() == BackupState.RETIRED;
        return new Message(
                entry.event(),
                name,
                entry.told(),
                Optional.of(entry.since()),
                entry.kinds().isEmpty()
                        ? Optional.empty()
                        : Optional.of(entry.kinds().get(entry.kinds().size() - 1)),
                entry.cause() + (gone ? ", because the file is gone: the database is retired" : ""),
                entry.hint(),
                status.backup().lastSuccess(),
                status.backup().provenAgeSeconds().map(entry.told()::minusSeconds),
                publicUrl.map(url -> url + "/d/" + name),
                entry.reminder(),
                List.of());
    }

    /** Returns one message for several of the same event, which are told at once. */
    static Message together(List<Message> same) {
        Message first = same.get(0);
        if (same.size() == 1) {
            return first;
        }
        List<String> names = same.stream().map(Message::database).distinct().toList();
        String some = String.join(", ", names.subList(0, Math.min(NAMED, names.size())))
                + (names.size() > NAMED ? " and " + (names.size() - NAMED) + " more" : "");
        return new Message(
                first.event,
                some,
                first.time,
                first.since,
                first.kind,
                first.cause + " (" + first.database + "; the others alike or otherwise)",
                first.hint,
                Optional.empty(),
                Optional.empty(),
                first.url.map(url -> url.replaceFirst("/d/.*", "/")),
                first.reminder,
                names.subList(0, Math.min(LISTED, names.size())));
    }

    /** Returns whether this is about the same as another one, which it replaces. */
    boolean sameAs(Message other) {
        return event == other.event && database.equals(other.database);
    }

    /** Returns whether it stays in the record of what is to be told until it is. */
    @JsonIgnore
    boolean isOfState() {
        return event != NotifyEvent.OFFLOAD && event != NotifyEvent.RESTORE;
    }

    /** Returns whether somebody has to do something. */
    @JsonIgnore
    boolean isAlarm() {
        return isOfState() && event != NotifyEvent.RECOVERY;
    }

    /** Returns one line. */
    String title() {
        String what = switch (event) {
            case FAILURE ->
                "a run failed" + kind.map(known -> " (" + known.label() + ")").orElse("");
            case RECOVERY -> "all well again";
            case STALE -> "the backup is too old";
            case PROOF_OVERDUE -> "the proof is overdue";
            case REFUSED -> "a run was refused, and you have to choose";
            case REPLICA_GROWTH -> "the replica has doubled within a week";
            case OFFLOAD -> "offloaded";
            case RESTORE -> "restored";
        };
        return database + ": " + (reminder ? "still: " : "") + what;
    }

    /** Returns the rest, in a few lines. */
    String text() {
        StringBuilder text = new StringBuilder(cause).append('.');
        if (!hint.isEmpty()) {
            text.append('\n').append(hint);
        }
        if (isOfState()) {
            since.ifPresent(when -> text.append("\nSince ").append(when).append('.'));
            if (databases.isEmpty()) {
                text.append("\nLast success: ")
                        .append(lastSuccess.map(Instant::toString).orElse("never"))
                        .append("; last proven: ")
                        .append(lastProven.map(Instant::toString).orElse("never"))
                        .append('.');
            }
        }
        url.ifPresent(where -> text.append('\n').append(where));
        return text.toString();
    }
}
