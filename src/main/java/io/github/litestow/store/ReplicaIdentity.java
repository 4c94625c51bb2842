package io.github.litestow.store;

import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * {@code litestow/identity.json}: which replica this is. Written once, and again after a week, so that a
 * lifecycle rule that deletes what is old does not take it. Safe for concurrent use.
 */
final class ReplicaIdentity {
    private static final Logger LOG = Logger.getLogger(ReplicaIdentity.class);
    private static final String KEY = "litestow/identity.json";
    private static final Duration REWRITTEN_AFTER = Duration.ofDays(7);

    private final String url;
    private final ReplicaStore store;
    private final JsonObjects objects;

    ReplicaIdentity(String url, ReplicaStore store, JsonObjects objects) {
        this.url = url;
        this.store = store;
        this.objects = objects;
    }

    /** Returns the identity, if there is one. */
    Optional<SeenIdentity> read() throws Failure {
        Optional<StoredObject> object = store.read(KEY);
        if (object.isEmpty()) {
            return Optional.empty();
        }
        IdentityDocument known = parse(object.get());
        return Optional.of(
                new SeenIdentity(known.id(), known.written(), object.get().version()));
    }

    /**
     * Returns the identity; where there is none, {@code before} or a new one is written.
     *
     * @param seen what the run saw already, which need not be read again
     */
    String orCreate(Optional<SeenIdentity> seen, Optional<String> before) throws Failure {
        Optional<SeenIdentity> there = seen.isPresent() ? seen : read();
        if (there.isPresent()) {
            keepYoung(there.get());
            return there.get().id();
        }
        String id = before.orElseGet(() -> UUID.randomUUID().toString());
        store.create(KEY, objects.bytes(new IdentityDocument(id, store.time())));
        return read().map(SeenIdentity::id)
                .orElseThrow(() -> new Failure(
                        FailureKind.PROOF_FAILED,
                        "the replica " + url + " accepted an identity object and does not show it",
                        "The store does not keep what it acknowledges; do not rely on it."));
    }

    private void keepYoung(SeenIdentity known) {
        Optional<Instant> now = store.time();
        boolean old = now.isPresent()
                && known.written()
                        .filter(written ->
                                Duration.between(written, now.get()).abs().compareTo(REWRITTEN_AFTER) <= 0)
                        .isEmpty();
        if (!old) {
            return;
        }
        try {
            store.replace(KEY, objects.bytes(new IdentityDocument(known.id(), now)), known.version());
        } catch (Failure e) {
            // It is there, which is what counts; the next run tries again.
            LOG.debugf(e, "the identity of %s was not written again", url);
        }
    }

    private IdentityDocument parse(StoredObject object) throws Failure {
        return objects.parse(KEY, object, IdentityDocument.class);
    }

    /**
     * The object.
     *
     * @param id the identity
     * @param written when, by the store's clock; earlier versions did not say
     */
    @RegisterForReflection
    record IdentityDocument(String id, Optional<Instant> written) {
        /** Without an id it is damaged. */
        IdentityDocument {
            Objects.requireNonNull(id, "id");
            written = written == null ? Optional.empty() : written;
        }
    }
}
