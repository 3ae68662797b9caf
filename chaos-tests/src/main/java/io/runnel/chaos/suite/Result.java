package io.runnel.chaos.suite;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What became of one scenario.
 *
 * @param took with all that came before and after the load
 */
record Result(Scenario scenario, Duration took, Outcome outcome) {
    /** How it ended. */
    sealed interface Outcome {
        /**
         * It was run.
         *
         * @param calls every call, by the time that it was due
         */
        record Ran(Schedule schedule, List<Call> calls, List<StepDone> steps, Verdict verdict)
                implements Outcome {
            public Ran {
                calls = List.copyOf(calls);
                steps = List.copyOf(steps);
            }
        }

        /** It could not be run, or not to its end. */
        record Failed(String why) implements Outcome {}
    }

    boolean isKept() {
        return outcome instanceof Outcome.Ran ran && ran.verdict().isKept();
    }

    /** What was seen, if it was run. */
    Optional<Verdict> verdict() {
        return outcome instanceof Outcome.Ran ran ? Optional.of(ran.verdict()) : Optional.empty();
    }
}
