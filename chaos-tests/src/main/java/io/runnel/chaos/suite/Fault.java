package io.runnel.chaos.suite;

import java.util.List;

/**
 * What is broken, and when.
 *
 * @param lasts how long; in a short run the steps' times shrink with it
 * @param steps at least one, in the order of their times
 */
record Fault(Phase lasts, List<FaultStep> steps) {
    Fault {
        steps = List.copyOf(steps);
    }
}
