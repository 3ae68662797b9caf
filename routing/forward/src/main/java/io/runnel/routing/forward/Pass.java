package io.runnel.routing.forward;

/**
 * What an attempt was let into a lane with, each to be given back once: its word to the circuit
 * breaker, and its tenant's place. For its event loop.
 */
final class Pass {
    private final RegionBreaker breaker;
    private final TenantPlaces places;
    private final TenantPlaces.Held tenant;
    private final long enteredNanos;
    private boolean owesWord;
    private boolean holdsPlace;

    /** With a word owed to the breaker if that let it through. */
    Pass(
            RegionBreaker breaker,
            boolean owesWord,
            TenantPlaces places,
            TenantPlaces.Held tenant,
            long nowNanos) {
        this.breaker = breaker;
        this.owesWord = owesWord;
        this.places = places;
        this.tenant = tenant;
        this.enteredNanos = nowNanos;
    }

    boolean takePlace() {
        holdsPlace = places.tryTake(tenant, enteredNanos);
        return holdsPlace;
    }

    /** There was no stream. */
    void end(AttemptFailure failure) {
        if (failure == AttemptFailure.NOT_CONNECTED
                || failure == AttemptFailure.CONNECT_TIMED_OUT) {
            broke(failure);
        }
        learnedNothing();
        leave();
    }

    void answered(long unaccountedNanos) {
        if (owesWord) {
            owesWord = false;
            breaker.answered(unaccountedNanos);
        }
    }

    /** The region, or the way to it, is at fault. */
    void broke(AttemptFailure failure) {
        if (owesWord && failure != AttemptFailure.NOT_TAKEN) {
            owesWord = false;
            breaker.failed();
        }
    }

    void learnedNothing() {
        if (owesWord) {
            owesWord = false;
            breaker.release();
        }
    }

    void leave() {
        if (holdsPlace) {
            holdsPlace = false;
            places.release(tenant);
        }
    }
}
