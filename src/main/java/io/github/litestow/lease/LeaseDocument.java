package io.github.litestow.lease;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.github.litestow.outcome.Failure;
import io.github.litestow.store.JsonObjects;
import io.github.litestow.store.StoredObject;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Optional;

/**
 * {@code litestow/lease.json}. Earlier versions wrote the first four fields alone, and ignore and drop
 * the others.
 *
 * @param holder the holder's id, empty when it was given back
 * @param who for messages
 * @param ttlMillis how long it lives without being renewed
 * @param mark another one with each write, so that no two versions look the same
 * @param process which process holds it; null where that cannot be told, and of an earlier version
 * @param declares whether the holder says so here before it uploads; null of an earlier version
 * @param uploading what it uploads; null when nothing is under way
 * @param tookOver from whom it took the lease over; null when nobody was silent
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_NULL)
record LeaseDocument(
        String holder,
        String who,
        long ttlMillis,
        String mark,
        String process,
        Boolean declares,
        WriteClaims.Upload uploading,
        WriteClaims.TookOver tookOver) {

    LeaseDocument(Lease.Holder self, String holder, long ttlMillis, String mark, WriteClaims claims) {
        this(
                holder,
                self.who(),
                ttlMillis,
                mark,
                HolderProcess.own().orElse(null),
                true,
                claims.uploading().orElse(null),
                claims.tookOver().orElse(null));
    }

    static LeaseDocument parse(JsonObjects objects, StoredObject object) throws Failure {
        LeaseDocument document = objects.parse(Lease.KEY, object, LeaseDocument.class);
        if (!document.whole()) {
            throw objects.strange(Lease.KEY, "fields are missing");
        }
        return document;
    }

    private boolean whole() {
        return holder != null
                && who != null
                && mark != null
                && ttlMillis > 0
                && (uploading == null || uploading.whole())
                && (tookOver == null || tookOver.whole());
    }

    /** Whether its holder is known to have ended without giving it back. */
    boolean holderIsDead() {
        return process != null && HolderProcess.dead(process);
    }

    WriteClaims claims() {
        return new WriteClaims(Optional.ofNullable(tookOver), Optional.ofNullable(uploading));
    }

    /** Whether a holder that is silent now may have an engine at work; each is declared before it starts. */
    boolean mayWrite() {
        return declares == null || !declares || uploading != null;
    }
}
