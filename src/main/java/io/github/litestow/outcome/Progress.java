package io.github.litestow.outcome;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Locale;
import java.util.Optional;

/**
 * How far the long part of a run has come, measured from the files that the engine writes. Says
 * nothing of whether the run will succeed.
 *
 * @param doing what is being done
 * @param bytes how many bytes of it are done, 0 or more
 * @param expected how many there will be, if that is known; at the most, while it is an estimate
 */
@RegisterForReflection
public record Progress(Doing doing, long bytes, Optional<Long> expected) {

    /** The parts of a run that grow with the database. */
    public enum Doing {
        /** The engine makes the file that it will upload, beside the database. */
        STAGING,
        /** The engine writes to the replica. */
        UPLOADING,
        /** The engine writes the restored database, in scratch. */
        RESTORING;

        /** Returns the label used in JSON, for example {@code uploading}. */
        @JsonValue
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Returns the whole percent that is done, 0 to 100; empty when it is not known of how much. */
    @JsonProperty(access = JsonProperty.Access.READ_ONLY)
    public Optional<Integer> percent() {
        return expected.filter(all -> all > 0).map(all -> (int) Math.min(100, bytes * 100 / all));
    }

    /** Returns for example {@code uploading 1.0 of 2.0 MiB (50%)}; what was expected is never passed. */
    public String words() {
        long most = expected.filter(all -> all > 0).orElse(bytes);
        Unit unit = Unit.of(most);
        return percent()
                .map(percent -> doing.label() + " " + unit.number(Math.min(bytes, most)) + " of " + unit.number(most)
                        + " " + unit + " (" + percent + "%)")
                .orElse(doing.label() + " " + unit.number(bytes) + " " + unit);
    }

    /** Returns a number of bytes in few characters, for example {@code 12.3 MiB}. */
    public static String size(long bytes) {
        Unit unit = Unit.of(bytes);
        return unit.number(bytes) + " " + unit;
    }

    /**
     * What bytes are counted in.
     *
     * @param name how it is written
     * @param bytes how many bytes it is
     */
    private record Unit(String name, long bytes) {
        private static final long STEP = 1024;
        private static final String[] NAMES = {"bytes", "KiB", "MiB", "GiB", "TiB"};

        /** Returns the largest of which there are ten or more. */
        static Unit of(long count) {
            int unit = 0;
            long bytes = 1;
            while (unit + 1 < NAMES.length && count / bytes >= STEP * 10) {
                unit++;
                bytes *= STEP;
            }
            return new Unit(NAMES[unit], bytes);
        }

        String number(long count) {
            return bytes == 1
                    ? String.format(Locale.ROOT, "%,d", count)
                    : String.format(Locale.ROOT, "%,.1f", (double) count / bytes);
        }

        @Override
        public String toString() {
            return name;
        }
    }
}
