package io.runnel.routing.placement.simulation;

import io.runnel.exec.task.ByteSize;
import io.runnel.routing.placement.ProgramCost;

/** What tasks are like, each as it was drawn once. Immutable. */
final class Traits {
    /** Of so many tasks one mostly calls a service near the region. */
    private static final int ONE_OF_IS_BOUND = 20;

    private final int[] programKib;
    private final float[] runNanos;
    private final byte[] serviceCalls;

    Traits(SimSettings settings) {
        int tasks = settings.tasks();
        programKib = new int[tasks];
        runNanos = new float[tasks];
        serviceCalls = new byte[tasks];
        for (int task = 0; task < tasks; task++) {
            long hash = Hashing.mix(settings.seed() * 43 + task);
            double code = 60_000 * Math.exp(1.3 * Hashing.normal(hash));
            long bytes = ProgramCost.bytes(new ByteSize(Math.min(32L << 20, (long) code)));
            programKib[task] = (int) (bytes >> 10);
            runNanos[task] = (float) (3e6 * Math.exp(Hashing.normal(hash + 1)));
            boolean bound = Hashing.below(Hashing.mix(hash + 2), ONE_OF_IS_BOUND) == 0;
            serviceCalls[task] = (byte) (bound ? 2 + Hashing.below(Hashing.mix(hash + 3), 3) : 0);
        }
    }

    long programBytes(int task) {
        return (long) programKib[task] << 10;
    }

    boolean isBoundToService(int task) {
        return serviceCalls[task] > 0;
    }

    /** At a place from which it takes so long to the services of the region. */
    double runNanos(int task, double serviceNanos) {
        return runNanos[task] + serviceCalls[task] * serviceNanos;
    }

    /** To open its program: 5 ms and 10 ms for each MiB that it costs. */
    double startNanos(int task) {
        return 5e6 + programKib[task] * (10e6 / 1024);
    }
}
