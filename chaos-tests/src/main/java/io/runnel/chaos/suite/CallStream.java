package io.runnel.chaos.suite;

import io.runnel.exec.task.AccountId;

import java.util.Optional;

/**
 * Calls of one kind that come at a steady rate, whatever becomes of them.
 *
 * @param name for promises and reports
 * @param task what they call
 * @param pop the POP that they are sent to
 * @param runs where they run in the steady state: a POP's name or a region's
 * @param rate calls a second
 * @param method GET or POST
 * @param keyed whether each call has an {@code Idempotency-Key}
 * @param account whose key it carries; empty if it carries none
 * @param flood how many come, if they come only while a step says so; then there is no rate
 */
record CallStream(
        String name,
        Guest task,
        String pop,
        String runs,
        int rate,
        Method method,
        boolean keyed,
        Optional<AccountId> account,
        Optional<Flood> flood) {
    /**
     * More than a place can serve.
     *
     * @param times its capacity
     * @param capacity calls a second that the place was seen to serve; 0 until it is known
     */
    record Flood(int times, double capacity) {
        int rate() {
            return (int) Math.round(times * capacity);
        }
    }

    /** The methods that are called with. */
    enum Method {
        /** Safe, so it may be tried again. */
        GET,
        /** Tried again only if it carries a key, or if it surely did not run. */
        POST
    }

    /** How many calls a second; of a flood, while it lasts. */
    int callsPerSecond() {
        return flood.map(Flood::rate).orElse(rate);
    }

    /** The same, now that it is known what its place serves. */
    CallStream withCapacity(double capacity) {
        return new CallStream(
                name,
                task,
                pop,
                runs,
                rate,
                method,
                keyed,
                account,
                flood.map(one -> new Flood(one.times(), capacity)));
    }

    /** Whether a call may be run twice without harm, as everybody on its way can see. */
    boolean isIdempotent() {
        return method == Method.GET || keyed;
    }
}
