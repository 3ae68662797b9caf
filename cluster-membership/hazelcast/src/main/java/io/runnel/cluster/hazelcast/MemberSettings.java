package io.runnel.cluster.hazelcast;

import io.runnel.attestation.NetworkToken;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.RegionId;
import io.runnel.topology.Address;

import java.time.Duration;
import java.util.List;

/**
 * How a region's node takes part in its cluster.
 *
 * @param address where it listens; nothing else is bound
 * @param peers addresses of the region's other nodes
 * @param token what all nodes of the network share; the cluster's secret is derived from it
 * @param security what its links show and believe
 * @param statusLife how long a status is believed after it was heard, at least 1 s
 */
public record MemberSettings(
        NodeName node,
        RegionId region,
        Address address,
        List<Address> peers,
        NetworkToken token,
        LinkSecurity security,
        Duration statusLife) {

    /** How long a status is believed where nothing else is said: 10 s. */
    public static final Duration STATUS_LIFE = Duration.ofSeconds(10);

    public MemberSettings {
        peers = List.copyOf(peers);
    }
}
