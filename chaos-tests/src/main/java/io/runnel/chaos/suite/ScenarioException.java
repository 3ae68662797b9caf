package io.runnel.chaos.suite;

import java.io.Serial;

/** A scenario that cannot be read. The message names file and line. */
final class ScenarioException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    ScenarioException(String file, int line, String message) {
        super("%s:%d: %s".formatted(file, line, message));
    }

    ScenarioException(String message, Throwable cause) {
        super(message, cause);
    }
}
