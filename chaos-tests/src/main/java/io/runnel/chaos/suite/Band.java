package io.runnel.chaos.suite;

import java.util.ArrayList;
import java.util.List;

/**
 * A stretch of a run in which something was broken. Times are nanoseconds from the run's beginning.
 *
 * @param fromNs when it broke
 * @param toNs when it was mended; what mends itself, as a killed process does, has no length here
 */
record Band(String text, String subject, long fromNs, long toNs) {
    /** The bands of these steps; what is not mended lasts to the end. */
    static List<Band> of(List<StepDone> steps, long endNs) {
        List<Band> bands = new ArrayList<>();
        for (int i = 0; i < steps.size(); i++) {
            StepDone step = steps.get(i);
            if (!step.action().undoes()) {
                bands.add(
                        new Band(
                                step.action().text(),
                                step.action().subject(),
                                step.beganNs(),
                                end(step, steps.subList(i + 1, steps.size()), endNs)));
            }
        }
        return bands;
    }

    private static long end(StepDone step, List<StepDone> later, long endNs) {
        if (step.action() instanceof Action.OnNode onNode && onNode.kind() == Action.Kind.KILL) {
            return step.endNs();
        }
        return later.stream()
                .filter(other -> other.action().undoes())
                .filter(other -> other.action().subject().equals(step.action().subject()))
                .mapToLong(StepDone::beganNs)
                .findFirst()
                .orElse(endNs);
    }
}
