package io.runnel.exec.microvm.guest;

import java.io.Serial;

/**
 * The guest does not keep to the protocol: it is hostile or broken, and its machine is to end. The
 * message says what it did. Without a stack trace: guests can cause it at will.
 */
final class BrokenFrameException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    BrokenFrameException(String message) {
        super(message, null, false, false);
    }
}
