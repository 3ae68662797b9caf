package io.runnel.region.cli.supervisor;

import io.runnel.exec.task.NodeName;
import io.runnel.topology.Address;
import io.runnel.topology.NodeStatus.Role;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the supervisor knows of one node.
 *
 * @param listen where users come to
 * @param secured whether TLS is spoken there
 * @param pid of its process, if it has one
 * @param restarts how often it was started again after it died
 * @param uptime of its process, or since it has none
 * @param lastEnd how it died last
 */
public record NodeReport(
        NodeName node,
        Role role,
        Address listen,
        boolean secured,
        NodePhase phase,
        OptionalLong pid,
        int restarts,
        Duration uptime,
        Optional<String> lastEnd) {}
