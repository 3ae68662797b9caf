package io.runnel.exec.isolate;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * What is let go of when a budget is exceeded: what is least worth its memory. The worth of
 * something is the time that it is expected to save, how likely a call is soon times what a call
 * has to wait that does not find it, for each byte that it keeps. Of equal worth, what has been
 * unused for longest goes first.
 *
 * <p>A task that is called once has a small chance to be called again, so that however many such
 * tasks come, they push each other out, and not what is called often or is about to be.
 *
 * <p>What is in use is never let go of: isolates that run, programs that have such, and the last
 * few programs that were opened in the last seconds and have had no call yet, for one is on its way
 * to each.
 */
final class Eviction {
    /** Less than this much memory counts as so much. */
    private static final long LEAST_BYTES = 4096;

    private record Candidate(double worth, long lastUsedMs, Runnable release) {}

    private Eviction() {}

    /** Lets go of what is least worth until that is enough, or nothing is left to go. */
    static void run(
            Collection<OpenProgram> programs, Set<OpenProgram> landing, BooleanSupplier isEnough) {
        List<Candidate> candidates = new ArrayList<>();
        for (OpenProgram program : programs) {
            if (!landing.contains(program)) {
                add(program, candidates);
            }
        }
        candidates.sort(
                Comparator.comparingDouble(Candidate::worth)
                        .thenComparingLong(Candidate::lastUsedMs));
        for (Candidate candidate : candidates) {
            if (isEnough.getAsBoolean()) {
                return;
            }
            candidate.release().run();
        }
    }

    private static void add(OpenProgram program, List<Candidate> candidates) {
        List<PooledIsolate> all = program.isolates();
        List<PooledIsolate> idle = program.idle();
        int inUse = all.size() - idle.size();
        if (inUse <= 0) {
            candidates.add(
                    new Candidate(
                            worth(program.chance(), program.startNanos(), program.heldBytes()),
                            program.lastUsedMs(),
                            () -> program.tryClose(ReleaseReason.BUDGET)));
        }
        int wanted = Math.max(0, program.held() - inUse);
        for (int i = 0; i < idle.size(); i++) {
            PooledIsolate isolate = idle.get(i);
            int beyond = Math.max(0, idle.size() - 1 - i - wanted);
            candidates.add(
                    new Candidate(
                            worth(
                                    Math.scalb(program.chance(), -beyond),
                                    program.instanceNanos(),
                                    isolate.heldBytes()),
                            isolate.sinceMs(),
                            () -> program.tryRelease(isolate, ReleaseReason.BUDGET)));
        }
    }

    private static double worth(double chance, long savedNanos, long bytes) {
        return chance * savedNanos / Math.max(LEAST_BYTES, bytes);
    }
}
