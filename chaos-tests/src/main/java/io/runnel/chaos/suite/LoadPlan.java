package io.runnel.chaos.suite;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;

/** When which call is to be made. All of it follows from the streams and the seed. */
final class LoadPlan {
    /**
     * A call to be made.
     *
     * @param dueNs from the run's beginning
     * @param number of the call in its stream
     */
    record Due(CallStream stream, long dueNs, int number) {}

    private LoadPlan() {}

    /**
     * Every stream's calls up to a time, in order: one in each interval of its rate, at a moment in
     * it that chance takes, so that streams do not march in step.
     */
    static List<Due> of(List<CallStream> streams, long endNs, long seed) {
        List<Due> all = new ArrayList<>();
        for (CallStream stream : streams) {
            SplittableRandom random = new SplittableRandom(seed * 31 + stream.name().hashCode());
            double intervalNs = 1e9 / stream.rate();
            for (int i = 0; (i + 1) * intervalNs <= endNs; i++) {
                all.add(new Due(stream, (long) ((i + random.nextDouble()) * intervalNs), i));
            }
        }
        all.sort(Comparator.comparingLong(Due::dueNs));
        return all;
    }
}
