package io.runnel.chaos.suite;

import java.util.Optional;

/**
 * What can be broken of the host that this process and the nodes share.
 *
 * @param loss empty where no packets can be lost
 * @param disks those that can be filled
 * @param clocks those that can be set
 */
record HostFaults(Optional<LinkLoss> loss, Disks disks, Clocks clocks) {
    /** Nothing can: the host is somebody else's. */
    static HostFaults none() {
        return new HostFaults(Optional.empty(), Disks.none(), Clocks.none());
    }

    /** Undoes whatever is broken. */
    void heal() {
        loss.ifPresent(LinkLoss::heal);
        disks.heal();
        clocks.heal();
    }
}
