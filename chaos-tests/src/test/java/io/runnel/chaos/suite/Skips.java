package io.runnel.chaos.suite;

import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.Assumptions;

/** What a test does on a machine that lacks what it needs. */
final class Skips {
    private Skips() {}

    /** It fails where all has to be there; else it says what to install, and is skipped. */
    static void orFail(String hint) {
        assertNotEquals("1", System.getenv("RUNNEL_STRICT"), hint);
        System.out.println("SKIPPED " + hint);
        Assumptions.abort(hint);
    }
}
