package io.github.litestow.packaged;

import java.time.Duration;

/**
 * What one hand-over showed.
 *
 * @param end how the old service was ended
 * @param waited whether the new one was waiting already; otherwise two were started after the signal
 * @param acknowledged rows that the application was told are committed
 * @param lost how many of those that the replica must hold the new service did not bring back
 * @param left how many others it did not bring back: they are in the old folder only
 * @param exposed how long before the signal the first of these was acknowledged
 * @param toReady from the signal to the new service's readiness
 * @param ownReady from the new service's start to its readiness
 */
public record HandOverRound(
        HandOver.End end,
        boolean waited,
        int acknowledged,
        int lost,
        int left,
        Duration exposed,
        Duration toReady,
        Duration ownReady) {}
