package io.runnel.exec.microvm.guest;

/**
 * What of a channel has to be known to go on talking to a machine that was held ({@link
 * AgentChannel#hold}) and has moved: the guest's memory holds the other half of these numbers.
 *
 * @param called whether a call runs whose body the guest has, and that it has not begun to answer;
 *     else it waits for one
 * @param guestCredit bytes that the guest may send
 * @param bodyCredit bytes that the host may send
 */
public record MovePoint(boolean called, long guestCredit, long bodyCredit) {
    /** Checks the numbers: they may come from elsewhere. */
    public MovePoint {
        Bounds.credit("guestCredit", guestCredit);
        Bounds.credit("bodyCredit", bodyCredit);
    }
}
