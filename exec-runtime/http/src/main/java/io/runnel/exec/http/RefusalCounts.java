package io.runnel.exec.http;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** How many answers said that something failed, by what. Safe for any thread. */
public final class RefusalCounts {
    private final Map<ProblemCode, LongAdder> counts = new ConcurrentHashMap<>();

    RefusalCounts() {}

    void count(ProblemCode code) {
        counts.computeIfAbsent(code, unseen -> new LongAdder()).increment();
    }

    /** Answers with this code since the start. */
    public long of(ProblemCode code) {
        LongAdder count = counts.get(code);
        return count == null ? 0 : count.sum();
    }
}
