package io.runnel.chaos.suite;

import java.util.ArrayList;
import java.util.List;

/**
 * A stretch of a run in which something was broken. Times are nanoseconds from the run's beginning.
 *
 * @param fromNs when it broke
 * @param toNs when it was mended; a killed process mends itself, and lasts until somebody saw it
 *     ready again, or has no length
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
        boolean killed = isOnNode(step, Action.Kind.KILL);
        return later.stream()
                .filter(other -> other.action().undoes())
                .filter(other -> other.action().subject().equals(step.action().subject()))
                .mapToLong(o -> isOnNode(o, Action.Kind.AWAIT) ? o.endNs() : o.beganNs())
                .findFirst()
                .orElse(killed ? step.endNs() : endNs);
    }

    private static boolean isOnNode(StepDone step, Action.Kind kind) {
        return step.action() instanceof Action.OnNode onNode && onNode.kind() == kind;
    }
}
