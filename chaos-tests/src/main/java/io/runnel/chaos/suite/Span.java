package io.runnel.chaos.suite;

/** A part of a run, in nanoseconds from its beginning. */
record Span(long fromNs, long toNs) {
    boolean has(long atNs) {
        return atNs >= fromNs && atNs < toNs;
    }

    double seconds() {
        return (toNs - fromNs) / 1e9;
    }
}
