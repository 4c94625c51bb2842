package io.github.litestow.lease;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.github.litestow.outcome.Failure;
import io.github.litestow.store.JsonObjects;
import io.github.litestow.store.Replica;
import io.github.litestow.store.StoredObject;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Optional;

/**
 * {@code litestow/lease.json}, and the lease of a service. The earliest versions wrote the first four
 * fields alone, and ignore and drop the others. A lease that rests on a service's has no time of its own
 * ({@code ttlMillis} 0), which versions that do not know of services refuse.
 *
 * @param holder the holder's id, empty when it was given back
 * @param who for messages
 * @param ttlMillis how long it lives without being renewed
 * @param mark another one with each write, so that no two versions look the same
 * @param process which process holds it; null where that cannot be told, and of an earlier version
 * @param declares whether the holder says so here before it uploads; null of an earlier version
 * @param uploading what it uploads; null when nothing is under way
 * @param tookOver from whom it took the lease over; null when nobody was silent
 * @param epoch of a service's lease: which life of it this is; null in a database's
 * @param killed of a service's lease: whether others ended this life of it; null when not
 * @param service of a database's lease: the lease on which it rests; null when it has a time of its own
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
        WriteClaims.TookOver tookOver,
        String epoch,
        Boolean killed,
        ServiceReference service) {

    LeaseDocument(
            Lease.Holder self, String holder, long ttlMillis, String mark, WriteClaims claims, Optional<String> epoch) {
        this(
                holder,
                self.who(),
                ttlMillis,
                mark,
                HolderProcess.own().orElse(null),
                true,
                claims.uploading().orElse(null),
                claims.tookOver().orElse(null),
                epoch.orElse(null),
                null,
                null);
    }

    /** A database's lease that rests on a service's. */
    static LeaseDocument resting(Lease.Holder self, ServiceReference on, String mark, WriteClaims claims) {
        return new LeaseDocument(
                self.id(),
                self.who(),
                0,
                mark,
                null,
                true,
                claims.uploading().orElse(null),
                claims.tookOver().orElse(null),
                null,
                null,
                on);
    }

    /** The same life of a service's lease, ended by somebody who saw it silent for its whole time. */
    LeaseDocument ended(String newMark) {
        return new LeaseDocument("", who, ttlMillis, newMark, process, declares, null, null, epoch, true, null);
    }

    static LeaseDocument parse(JsonObjects objects, StoredObject object) throws Failure {
        return parse(objects, Lease.KEY, object);
    }

    static LeaseDocument parse(JsonObjects objects, String key, StoredObject object) throws Failure {
        LeaseDocument document = objects.parse(key, object, LeaseDocument.class);
        if (!document.whole()) {
            throw objects.strange(key, "fields are missing");
        }
        return document;
    }

    private boolean whole() {
        return holder != null
                && who != null
                && mark != null
                && (service == null ? ttlMillis > 0 : service.whole())
                && (uploading == null || uploading.whole())
                && (tookOver == null || tookOver.whole());
    }

    /** Whether its holder is known to have ended without giving it back. */
    boolean holderIsDead() {
        return process != null && HolderProcess.dead(process);
    }

    /**
     * Returns what a holder says of its writing when it follows the one of this document.
     *
     * @param silent whether the one before may still be writing what it said it would
     */
    WriteClaims inherited(Replica replica, boolean silent) throws Failure {
        if (silent && mayWrite()) {
            return claims().silenced(holder, who, replica.head());
        }
        // What an earlier life of ours, or whoever gave it back, still had to write down is there by now.
        boolean unsettled = tookOver != null && uploading != null;
        return unsettled ? claims().ended(replica.head().orElse("")) : claims().uploading(Optional.empty());
    }

    /** Whether nobody has it: it was given back, or ended by others. */
    boolean free() {
        return holder.isEmpty();
    }

    WriteClaims claims() {
        return new WriteClaims(Optional.ofNullable(tookOver), Optional.ofNullable(uploading));
    }

    /** Whether a holder that is silent now may have an engine at work; each is declared before it starts. */
    boolean mayWrite() {
        return declares == null || !declares || uploading != null;
    }
}
