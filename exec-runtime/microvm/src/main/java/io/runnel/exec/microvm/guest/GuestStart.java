package io.runnel.exec.microvm.guest;

/** Where a function is after it has been started, or restored. */
public sealed interface GuestStart {
    /** It waits for its first call: the point for a snapshot. */
    record AtNext() implements GuestStart {}

    /**
     * It has asked {@code /restore/next}: a better point for a snapshot. It goes on when {@link
     * AgentChannel#restored} is called, of this machine or of one restored from its snapshot.
     */
    record AtRestore() implements GuestStart {}

    /** It says, or the agent says for it, that it does not start. */
    record Failed(GuestError error) implements GuestStart {}

    /**
     * It has ended, or its machine has: {@link GuestAnswer.Exited} or {@link GuestAnswer.Broken}.
     */
    record Ended(GuestAnswer how) implements GuestStart {}

    /** The time is over. */
    record Late() implements GuestStart {}
}
