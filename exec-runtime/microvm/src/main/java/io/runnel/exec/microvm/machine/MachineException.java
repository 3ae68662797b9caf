package io.runnel.exec.microvm.machine;

import java.io.IOException;

/** A machine did not do what it was asked; the message is for the operator. */
public final class MachineException extends IOException {
    private static final long serialVersionUID = 1L;

    MachineException(String message) {
        super(message);
    }

    MachineException(String message, Throwable cause) {
        super(message, cause);
    }
}
