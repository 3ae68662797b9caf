package io.runnel.chaos.suite;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/** Waits until calls are answered where they should be: then a scenario may begin. */
final class Settling {
    private static final Duration MOST = Duration.ofMinutes(1);
    private static final long PAUSE_NS = Duration.ofMillis(20).toNanos();
    private static final int IN_A_ROW = 5;

    private final Caller caller;
    private final LongSupplier nanoClock;

    Settling(Caller caller, LongSupplier nanoClock) {
        this.caller = caller;
        this.nanoClock = nanoClock;
    }

    /**
     * Calls as the streams do, one after the other, until five rounds in a row went as they should.
     *
     * @throws NetworkException if that takes more than a minute
     */
    void await(List<CallStream> streams, String key) {
        long deadline = nanoClock.getAsLong() + MOST.toNanos();
        Map<String, String> wrong = new TreeMap<>();
        for (int good = 0, round = 0; good < IN_A_ROW; round++) {
            if (nanoClock.getAsLong() > deadline) {
                throw new NetworkException(
                        "not in the steady state after a minute: %s".formatted(wrong));
            }
            wrong.clear();
            for (CallStream stream : streams) {
                String said = call(stream, "%s-settling-%d".formatted(key, round));
                if (!said.isEmpty()) {
                    wrong.put(stream.name(), said);
                }
            }
            good = wrong.isEmpty() ? good + 1 : 0;
            LockSupport.parkNanos(PAUSE_NS);
        }
    }

    /** What is wrong with a call; empty if nothing is. */
    private String call(CallStream stream, String key) {
        Caller.Answer answer = caller.call(stream, key);
        if (answer.end() != CallEnd.ANSWERED) {
            return answer.why();
        }
        boolean there =
                new Call(stream, 0, 0, 0, answer.end(), answer.ranAt(), "").ranAt(stream.runs());
        return there ? "" : "ran at %s, not at %s".formatted(answer.ranAt(), stream.runs());
    }
}
