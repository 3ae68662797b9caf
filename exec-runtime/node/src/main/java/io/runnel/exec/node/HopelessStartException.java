package io.runnel.exec.node;

import java.io.Serial;

/**
 * A node cannot start, and starting it again changes nothing: somebody has to do something first.
 */
public final class HopelessStartException extends Exception {
    @Serial private static final long serialVersionUID = 1L;

    /** For this reason; its message is for an operator. */
    public HopelessStartException(Exception cause) {
        super(cause.getMessage(), cause);
    }
}
