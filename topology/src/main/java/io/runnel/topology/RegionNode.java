package io.runnel.topology;

import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.NodeName;

/**
 * One node of a region.
 *
 * @param zone what fails together with it: nodes of a region should be in different ones
 * @param listen where users, the control API and the console are served
 * @param internal where other nodes come to
 * @param cluster where the region's cluster of soft state is joined
 * @param admin where operators come to; on loopback
 * @param slots tasks running at once, at least 1
 * @param memory for warm isolates, positive
 */
public record RegionNode(
        NodeName name,
        String zone,
        Address listen,
        Address internal,
        Address cluster,
        Address admin,
        int slots,
        ByteSize memory) {

    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException if slots or memory is not positive
     */
    public RegionNode {
        Capacity.require(slots, memory);
    }
}
