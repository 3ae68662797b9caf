package io.runnel.routing.forward;

/**
 * Whether a connection on which calls wait is still alive. When nothing came by it for a quarter of
 * a second the peer is asked by an HTTP/2 ping, which it answers whatever its guests do; a second
 * after that without anything the connection is suspected, after 2.2 seconds it is dead: less than
 * three seconds after the last byte in all. Where the round trip is long it waits longer. Pure.
 */
final class Silence {
    /** What is thought of the connection. */
    enum Verdict {
        /** It is alive, or nobody knows better; or it was said already. */
        HEARD,
        /** It has just become suspicious. */
        SUSPECT,
        /** It has just been given up. */
        DEAD
    }

    static final long ASK_NANOS = 250_000_000L;
    static final long SUSPECT_NANOS = 1_000_000_000L;
    static final long DEAD_NANOS = 2_200_000_000L;

    /** An event loop that stood still itself has read nothing: it looks again first. */
    static final int LEAST_LOOKS = 8;

    /** After so many round trips at the least. */
    private static final int ROUND_TRIPS = 4;

    /** Where it stands. */
    private enum Stage {
        /** Nothing came lately, or nobody looked. */
        QUIET,
        /** The peer was asked. */
        ASKED,
        /** It did not answer in time. */
        SUSPECTED,
        /** Nobody waits for it any more. */
        GIVEN_UP
    }

    private Stage stage = Stage.QUIET;
    private boolean heard = true;

    /** When something came last, and from the asking on when that was. */
    private long sinceNanos;

    private int looks;
    private boolean ask;

    /** Something came. Costs next to nothing. */
    void heard() {
        heard = true;
    }

    /** To be called a few times in a quarter of a second. */
    Verdict watch(long nowNanos, long roundTripNanos) {
        if (heard) {
            heard = false;
            sinceNanos = nowNanos;
            stage = stage == Stage.GIVEN_UP ? stage : Stage.QUIET;
            return Verdict.HEARD;
        }
        looks++;
        long quiet = nowNanos - sinceNanos;
        long patience = Math.max(0, ROUND_TRIPS * roundTripNanos - SUSPECT_NANOS);
        return switch (stage) {
            case QUIET -> quiet >= ASK_NANOS ? ask(nowNanos) : Verdict.HEARD;
            case ASKED ->
                    quiet >= SUSPECT_NANOS + patience && looks >= LEAST_LOOKS
                            ? go(Stage.SUSPECTED, Verdict.SUSPECT)
                            : Verdict.HEARD;
            case SUSPECTED ->
                    quiet >= DEAD_NANOS + patience
                            ? go(Stage.GIVEN_UP, Verdict.DEAD)
                            : Verdict.HEARD;
            case GIVEN_UP -> Verdict.HEARD;
        };
    }

    private Verdict ask(long nowNanos) {
        stage = Stage.ASKED;
        sinceNanos = nowNanos;
        looks = 0;
        ask = true;
        return Verdict.HEARD;
    }

    private Verdict go(Stage next, Verdict verdict) {
        stage = next;
        return verdict;
    }

    /** Whether the peer is to be asked now; says so once. */
    boolean shallAsk() {
        boolean now = ask;
        ask = false;
        return now;
    }
}
