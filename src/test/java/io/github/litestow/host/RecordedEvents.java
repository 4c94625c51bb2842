package io.github.litestow.host;

import io.github.litestow.outcome.RunRecord;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.NotificationOptions;
import jakarta.enterprise.util.TypeLiteral;
import java.lang.annotation.Annotation;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Keeps the ended runs that a service would report. */
public final class RecordedEvents implements Event<RunRecord> {
    private final List<RunRecord> records = new ArrayList<>();

    public synchronized List<RunRecord> records() {
        return List.copyOf(records);
    }

    @Override
    public synchronized void fire(RunRecord record) {
        records.add(record);
    }

    @Override
    public <U extends RunRecord> CompletionStage<U> fireAsync(U event) {
        throw new UnsupportedOperationException();
    }

    @Override
    public <U extends RunRecord> CompletionStage<U> fireAsync(U event, NotificationOptions options) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Event<RunRecord> select(Annotation... qualifiers) {
        throw new UnsupportedOperationException();
    }

    @Override
    public <U extends RunRecord> Event<U> select(Class<U> subtype, Annotation... qualifiers) {
        throw new UnsupportedOperationException();
    }

    @Override
    public <U extends RunRecord> Event<U> select(TypeLiteral<U> subtype, Annotation... qualifiers) {
        throw new UnsupportedOperationException();
    }
}
