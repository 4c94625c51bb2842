package io.github.litestow.outcome;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A restore point as the replica's own record keeps it: beside what people are shown, who uploaded it
 * and what its files were when it was proven. Immutable; earlier versions wrote the first three fields
 * alone, and ignore the others.
 *
 * @param txid as in {@link RestorePoint}
 * @param time as in {@link RestorePoint}
 * @param assurance as in {@link RestorePoint}
 * @param uploadedBy the id of the state folder whose service or command uploaded it; empty when that
 *     is not known
 * @param files the engine's files that end at it, as they were when it was proven; empty when it was
 *     not, or by an earlier version
 * @param userVersion {@code PRAGMA user_version} as a restore of it showed; empty when it was not restored
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record RecordedPoint(
        String txid,
        Instant time,
        Assurance assurance,
        Optional<String> uploadedBy,
        List<ProvenFile> files,
        Optional<Integer> userVersion)
        implements Comparable<RecordedPoint> {

    /** An earlier version wrote none of the last three. */
    public RecordedPoint {
        // Held against its rules when it is read, so that a spoiled record is found there and named.
        new RestorePoint(txid, time, assurance);
        uploadedBy = uploadedBy == null ? Optional.empty() : uploadedBy;
        files = files == null ? List.of() : List.copyOf(files);
        userVersion = userVersion == null ? Optional.empty() : userVersion;
    }

    /** A point of which no more is known than people are shown. */
    public RecordedPoint(RestorePoint point) {
        this(point, Optional.empty(), List.of(), Optional.empty());
    }

    /** A point with what is known of its upload, of its files and of what is in it. */
    public RecordedPoint(
            RestorePoint point, Optional<String> uploadedBy, List<ProvenFile> files, Optional<Integer> userVersion) {
        this(point.txid(), point.time(), point.assurance(), uploadedBy, files, userVersion);
    }

    /** Returns what people are shown of it. */
    public RestorePoint point() {
        return new RestorePoint(txid, time, assurance);
    }

    /**
     * Returns what is known of this transaction after {@code later} was learned, too: the strongest
     * assurance, the first uploader, and the files as they were last proven.
     */
    public RecordedPoint and(RecordedPoint later) {
        RecordedPoint stronger = later.assurance.compareTo(assurance) >= 0 ? later : this;
        return new RecordedPoint(
                stronger.point(),
                uploadedBy.or(later::uploadedBy),
                later.files.isEmpty() ? files : later.files,
                later.userVersion.or(() -> userVersion));
    }

    @Override
    public int compareTo(RecordedPoint other) {
        return txid.compareTo(other.txid);
    }
}
