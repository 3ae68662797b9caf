package io.runnel.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import org.junit.jupiter.api.Assumptions;

import java.util.List;

/** The tool, where it is installed. */
final class Openssl {
    private Openssl() {}

    /** Skips the test if it is not there; fails it where all tools have to be. */
    static void require() {
        try {
            assertEquals(0, RealNetwork.run(List.of("openssl", "version")).exit());
        } catch (AssertionError e) {
            String hint = "documents not checked by OpenSSL: apt-get install openssl";
            if ("1".equals(System.getenv("RUNNEL_STRICT"))) {
                fail(hint, e);
            }
            System.out.println("SKIPPED " + hint);
            Assumptions.abort(hint);
        }
    }
}
