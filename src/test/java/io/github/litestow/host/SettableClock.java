package io.github.litestow.host;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that stands still, and that somebody sets under a running service. Safe for concurrent use. */
public final class SettableClock extends Clock {
    private volatile Instant now;

    /** Shows {@code now}. */
    public SettableClock(Instant now) {
        this.now = now;
    }

    /** Sets it ahead, or back by less than nothing. */
    public void set(Duration ahead) {
        show(now.plus(ahead));
    }

    /** Sets it to a time. */
    public void show(Instant time) {
        now = time;
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
