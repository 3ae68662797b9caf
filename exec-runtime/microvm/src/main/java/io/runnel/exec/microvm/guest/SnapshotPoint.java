package io.runnel.exec.microvm.guest;

/**
 * What of a channel has to be known to talk to a machine that is restored from a snapshot: the
 * guest's memory holds the other half of these numbers.
 *
 * @param atRestore whether the function waits at {@code /restore/next} and not for a call
 * @param guestCredit bytes that the guest may send
 * @param bodyCredit bytes that the host may send
 */
public record SnapshotPoint(boolean atRestore, long guestCredit, long bodyCredit) {
    /** Checks the numbers: they may have been kept in a file. */
    public SnapshotPoint {
        Bounds.credit("guestCredit", guestCredit);
        Bounds.credit("bodyCredit", bodyCredit);
    }
}
