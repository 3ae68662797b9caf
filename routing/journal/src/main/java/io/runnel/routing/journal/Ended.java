package io.runnel.routing.journal;

import io.runnel.exec.http.ProblemCode;
import io.runnel.exec.task.RegionId;

import java.util.Locale;
import java.util.Optional;

/**
 * What came of a call at one node.
 *
 * @param place where it was run, as far as this node knows
 * @param region the region that answered, if one did
 * @param tries how many regions were asked
 * @param status of the answer; 0 if nothing was answered
 * @param whole whether the answer was whole when it ended; else the client went, or it was broken
 *     off
 * @param problem what the answer said had failed
 * @param queueNanos time it waited for a slot here
 * @param startNanos time to make its isolate ready here
 * @param runNanos time its guest ran here
 * @param totalNanos from the request's head to the answer's end
 */
public record Ended(
        Place place,
        Optional<RegionId> region,
        int tries,
        int status,
        boolean whole,
        Optional<ProblemCode> problem,
        long queueNanos,
        long startNanos,
        long runNanos,
        long totalNanos) {

    /** Where a call was run, as one node sees it. */
    public enum Place {
        /** At this node. */
        HERE,
        /** In a region that this node asked. */
        FORWARDED,
        /** Nowhere: it was refused. */
        NOWHERE;

        /** As it stands in metrics and JSON: {@code forwarded}. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
