package io.github.litestow.outcome;

/**
 * Whether a bucket keeps what is in it from being taken away, as the settings want it.
 *
 * @param state what was found
 * @param words what that is, for a person
 * @param hint what to do about it; empty when it is as it should be
 */
public record BucketLock(State state, String words, String hint) {

    /** What a look can find. */
    public enum State {
        /** Versions and a retention by default, as wanted. */
        HELD,
        /** It is not so. */
        OPEN,
        /** It could not be looked at, which says nothing of the bucket. */
        UNKNOWN
    }

    /** Returns whether it is as it should be. */
    public boolean held() {
        return state == State.HELD;
    }

    /** Returns what could not be found out, and why. */
    public static BucketLock unknown(Failure why) {
        return new BucketLock(
                State.UNKNOWN, "whether the bucket has the object lock is not known: " + why.getMessage(), why.hint());
    }
}
