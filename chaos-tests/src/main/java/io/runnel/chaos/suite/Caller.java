package io.runnel.chaos.suite;

/** Makes single calls, and waits for their end. Used from many threads at once. */
interface Caller {
    /**
     * What came of a call.
     *
     * @param ranAt as the answer says; empty if none does
     * @param why it is no good answer, in a few words; empty if it is one
     */
    record Answer(CallEnd end, String ranAt, String why) {}

    /** Makes a call. It ends, in whatever way, within a limited time. */
    Answer call(CallStream stream, String key);
}
