package io.runnel.exec.forecast.replay;

/** What a replay counts. Not thread-safe. */
final class Tally {
    long calls;
    long coldStarts;
    long learnedCalls;
    long learnedColdStarts;
    long prepares;
    long wastedPrepares;
    double waitingMs;
    double idleByteMs;
    private double heldBytes;
    private double mostHeldBytes;

    /** So many isolates more are held, or less if negative, each of so many bytes. */
    void held(int isolates, long bytes) {
        heldBytes += (double) isolates * bytes;
        mostHeldBytes = Math.max(mostHeldBytes, heldBytes);
    }

    double mostHeldBytes() {
        return mostHeldBytes;
    }
}
