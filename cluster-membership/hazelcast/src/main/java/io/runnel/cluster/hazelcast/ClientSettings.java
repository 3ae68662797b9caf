package io.runnel.cluster.hazelcast;

import io.runnel.attestation.NetworkToken;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.RegionId;
import io.runnel.topology.Address;

import java.time.Duration;
import java.util.List;

/**
 * How a POP takes part in its region's cluster.
 *
 * @param members what it dials: the address of a member, or of a proxy before it; of several the
 *     first that answers
 * @param token what all nodes of the network share; the cluster's secret is derived from it
 * @param security what its links show and believe
 * @param statusLife how long a status is believed after it was heard, at least 1 s
 */
public record ClientSettings(
        NodeName node,
        RegionId region,
        List<Address> members,
        NetworkToken token,
        LinkSecurity security,
        Duration statusLife) {

    public ClientSettings {
        members = List.copyOf(members);
    }

    /** A client with the usual times. */
    public static ClientSettings of(
            NodeName node,
            RegionId region,
            List<Address> members,
            NetworkToken token,
            LinkSecurity security) {
        return new ClientSettings(
                node, region, members, token, security, MemberSettings.STATUS_LIFE);
    }
}
