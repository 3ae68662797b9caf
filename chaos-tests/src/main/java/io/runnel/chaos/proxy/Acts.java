package io.runnel.chaos.proxy;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * How often the toxics of a link did something to what went through it, by their kinds, and how
 * many connections ended because it was switched off. So whoever breaks something can see that it
 * was broken. Safe for any thread.
 */
final class Acts {
    /** Connections that ended with their link. */
    static final String CUT = "cut";

    private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();

    /** It did it so many times more. */
    void count(String kind, long times) {
        if (times > 0) {
            counts.computeIfAbsent(kind, first -> new LongAdder()).add(times);
        }
    }

    /** All that was done so far; a kind that did nothing is not there. */
    Map<String, Long> all() {
        Map<String, Long> all = new TreeMap<>();
        counts.forEach((kind, count) -> all.put(kind, count.sum()));
        return all;
    }
}
