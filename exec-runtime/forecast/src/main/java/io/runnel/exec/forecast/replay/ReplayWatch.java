package io.runnel.exec.forecast.replay;

/** Told what happens to one task while it is replayed, in the order of time. */
interface ReplayWatch {
    /** Looks at nothing. */
    ReplayWatch NONE =
            new ReplayWatch() {
                @Override
                public void called(long nowMs, int running, boolean wasCold) {}

                @Override
                public void prepared(long nowMs) {}

                @Override
                public void held(long nowMs, int isolates) {}
            };

    /** A call came; so many run with it; whether it had to wait for a start. */
    void called(long nowMs, int running, boolean wasCold);

    /** The start of an isolate for a forecast begins. */
    void prepared(long nowMs);

    /** So many isolates are there from now on, those that run with those that wait. */
    void held(long nowMs, int isolates);
}
