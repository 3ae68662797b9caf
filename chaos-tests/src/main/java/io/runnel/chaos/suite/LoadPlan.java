package io.runnel.chaos.suite;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;

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
     * Every stream's calls in its part of the run, in order: one in each interval of its rate, at a
     * moment in it that chance takes, so that streams do not march in step.
     */
    static List<Due> of(List<CallStream> streams, Function<CallStream, Span> span, long seed) {
        List<Due> all = new ArrayList<>();
        for (CallStream stream : streams) {
            SplittableRandom random = new SplittableRandom(seed * 31 + stream.name().hashCode());
            double intervalNs = 1e9 / stream.callsPerSecond();
            long fromNs = span.apply(stream).fromNs();
            long lastsNs = span.apply(stream).toNs() - fromNs;
            for (int i = 0; (i + 1) * intervalNs <= lastsNs; i++) {
                long at = (long) ((i + random.nextDouble()) * intervalNs);
                all.add(new Due(stream, fromNs + at, i));
            }
        }
        all.sort(Comparator.comparingLong(Due::dueNs));
        return all;
    }
}
