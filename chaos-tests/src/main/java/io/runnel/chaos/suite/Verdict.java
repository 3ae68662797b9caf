package io.runnel.chaos.suite;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a run of a scenario showed.
 *
 * @param findings one for each promise
 * @param parts before, during and after the fault, all streams together
 * @param streams of each stream, while the fault lasts and after
 * @param recovery from the step that the promise names; empty if the steady state did not return
 */
record Verdict(
        List<Finding> findings,
        Map<Schedule.Part, Figures> parts,
        Map<String, Figures> streams,
        Optional<Duration> recovery) {
    Verdict {
        findings = List.copyOf(findings);
    }

    /**
     * One promise, and what was seen.
     *
     * @param promise what is promised
     * @param limit its limit
     * @param measured what was seen
     */
    record Finding(String promise, String limit, String measured, boolean kept) {
        private static final String BITE = "the fault bites: ";
        private static final String BEFORE = "steady state: ";

        /** A sign that the fault was there. */
        static Finding bite(String what, String least, String seen, boolean isSeen) {
            return new Finding(BITE + what, "at least " + least, seen, isSeen);
        }

        /** What was so before the fault, or should have been. */
        static Finding before(String what, String limit, String seen, boolean kept) {
            return new Finding(BEFORE + what, limit, seen, kept);
        }

        boolean isBefore() {
            return promise.startsWith(BEFORE);
        }

        boolean isBite() {
            return promise.startsWith(BITE);
        }

        @Override
        public String toString() {
            return "%s: %s (promised: %s)".formatted(promise, measured, limit);
        }
    }

    /** With these too. */
    Verdict and(List<Finding> more) {
        List<Finding> all = Stream.concat(findings.stream(), more.stream()).toList();
        return new Verdict(all, parts, streams, recovery);
    }

    /** Whether there was a steady state: without one a run says nothing of the fault. */
    boolean wasSteady() {
        return findings.stream().filter(Finding::isBefore).allMatch(Finding::kept);
    }

    boolean isKept() {
        return findings.stream().allMatch(Finding::kept);
    }
}
