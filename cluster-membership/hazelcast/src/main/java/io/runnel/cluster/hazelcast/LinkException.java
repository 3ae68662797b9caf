package io.runnel.cluster.hazelcast;

import java.io.EOFException;
import java.io.Serial;

/**
 * Why a link ends. For Hazelcast it is the end of a stream, which it does not make much of: what is
 * to be said of it is said where it was found.
 */
final class LinkException extends EOFException {
    @Serial private static final long serialVersionUID = 1L;

    LinkException(String message) {
        super(message);
    }
}
