package io.runnel.chaos.suite;

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
 */
record CallStream(
        String name, Guest task, String pop, String runs, int rate, Method method, boolean keyed) {
    /** The methods that are called with. */
    enum Method {
        /** Safe, so it may be tried again. */
        GET,
        /** Tried again only if it carries a key, or if it surely did not run. */
        POST
    }

    /** Whether a call may be run twice without harm, as everybody on its way can see. */
    boolean isIdempotent() {
        return method == Method.GET || keyed;
    }
}
