package io.runnel.topology;

import io.runnel.exec.task.RegionId;

import java.util.List;

/**
 * A region: nodes behind the POPs that run what these do not, and keep the records.
 *
 * @param registry whether account names are made here; true for one region of the network
 * @param nodes at least one
 * @param devices what tasks may use at every node
 */
public record Region(
        RegionId name,
        boolean registry,
        Location location,
        StoreSetting store,
        List<RegionNode> nodes,
        Devices devices) {

    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException if there is no node
     */
    public Region {
        nodes = List.copyOf(nodes);
        if (nodes.isEmpty()) {
            throw new IllegalArgumentException("region must have a node: " + name);
        }
    }
}
