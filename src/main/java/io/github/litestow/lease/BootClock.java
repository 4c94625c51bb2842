package io.github.litestow.lease;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongSupplier;

/**
 * Monotonic nanoseconds that go on while the machine sleeps, which {@link System#nanoTime()} does not
 * do on Linux (clock_gettime(2): CLOCK_MONOTONIC and CLOCK_BOOTTIME; proc(5): /proc/uptime). Where
 * there is no such file, it is {@code nanoTime} after all. To hundredths of a second; immutable.
 */
public final class BootClock implements LongSupplier {
    private static final Path UPTIME = Path.of("/proc/uptime");
    private static final double NANOS = 1e9;

    private final boolean uptime = Files.isReadable(UPTIME);

    /** Returns a number of nanoseconds that means something only beside another one. */
    @Override
    public long getAsLong() {
        if (!uptime) {
            return System.nanoTime();
        }
        try {
            String text = Files.readString(UPTIME);
            return (long) (Double.parseDouble(text.substring(0, text.indexOf(' '))) * NANOS);
        } catch (IOException e) {
            throw new IllegalStateException("cannot read " + UPTIME + ", which could be read before", e);
        }
    }
}
