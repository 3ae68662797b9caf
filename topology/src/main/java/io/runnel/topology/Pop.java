package io.runnel.topology;

import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.PopId;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.RuntimeKind;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A point of presence: one node near users that runs popular tasks and forwards the rest.
 *
 * @param listen where users are served
 * @param tls the certificates that it shows them, the one for who says no name first; empty: users
 *     are served in clear text
 * @param admin where operators come to; on loopback
 * @param region the region behind it
 * @param failover regions to turn to, in this order, when its own cannot be reached; never its own
 * @param slots tasks running at once, at least 1
 * @param memory for warm isolates, positive
 * @param restrictions what it leaves to its region
 * @param devices what tasks may use here
 */
public record Pop(
        PopId name,
        Location location,
        Address listen,
        List<HostCertificate> tls,
        Address admin,
        RegionId region,
        List<RegionId> failover,
        int slots,
        ByteSize memory,
        Restrictions restrictions,
        Devices devices) {

    /** This one, where only these kinds of tasks can be run, whatever its topology allows. */
    public Pop running(Set<RuntimeKind> kinds) {
        return new Pop(
                name,
                location,
                listen,
                tls,
                admin,
                region,
                failover,
                slots,
                memory,
                restrictions.within(kinds),
                devices);
    }

    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException if slots or memory is not positive
     */
    public Pop {
        Capacity.require(slots, memory);
        tls = List.copyOf(tls);
        failover = List.copyOf(failover);
    }

    /** The regions that it turns to, in this order, its own first. */
    public List<RegionId> regions() {
        return Stream.concat(Stream.of(region), failover.stream()).toList();
    }

    /** Whether it speaks TLS with users. */
    public boolean isSecured() {
        return !tls.isEmpty();
    }

    /** Its only node, which has its name. */
    public NodeName node() {
        return new NodeName(name.value());
    }
}
