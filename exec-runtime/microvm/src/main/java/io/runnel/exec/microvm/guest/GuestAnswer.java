package io.runnel.exec.microvm.guest;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * How a call of a guest has ended. After {@link Exited}, {@link Broken} and {@link Moved} the
 * machine is of no more use.
 */
public sealed interface GuestAnswer {
    /**
     * The function has answered.
     *
     * @param error why its answer is not whole, if it is not: bytes of it may have gone out
     */
    record Answered(ResponseHead head, Optional<GuestError> error) implements GuestAnswer {}

    /** The function says that it has failed. */
    record Failed(GuestError error) implements GuestAnswer {}

    /**
     * The function's process has ended instead.
     *
     * @param code with which it ended, if by itself
     * @param signal which ended it, if one did
     * @param outOfMemory whether that was for want of memory
     */
    record Exited(OptionalInt code, OptionalInt signal, boolean outOfMemory)
            implements GuestAnswer {}

    /**
     * The machine is gone, or has not kept to the protocol.
     *
     * @param reason which; in our words, not the guest's
     */
    record Broken(String reason) implements GuestAnswer {}

    /** It goes on in another machine, whose host will be told the end. */
    record Moved() implements GuestAnswer {}
}
