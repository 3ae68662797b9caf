package io.runnel.chaos.suite;

import java.util.List;

/** Looks at something beside the calls while a scenario runs, from when it is made. */
interface Watch extends AutoCloseable {
    /**
     * Ends, and says what was seen.
     *
     * @param steps those that were taken
     * @param slack by which limits of time are multiplied
     */
    List<Verdict.Finding> findings(List<StepDone> steps, double slack);

    @Override
    void close();
}
