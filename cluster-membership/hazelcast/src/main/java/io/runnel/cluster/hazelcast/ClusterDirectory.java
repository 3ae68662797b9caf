package io.runnel.cluster.hazelcast;

import io.runnel.attestation.identity.Identity;
import io.runnel.attestation.tls.PeerTrust;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.RegionId;
import io.runnel.topology.Address;
import io.runnel.topology.Region;
import io.runnel.topology.RegionNode;
import io.runnel.topology.Topology;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;

/**
 * Who is who in a region's cluster by the topology, as seen from one node: the region's nodes are
 * its members, and POPs its clients. Immutable.
 *
 * @param self whose links may lead it to addresses of its own
 * @param region whose cluster it is
 */
record ClusterDirectory(Topology topology, NodeName self, RegionId region)
        implements PeerTrust.Listeners {

    /**
     * Whether it is this one that is to be reached there. Hazelcast names hosts as it likes: names
     * are looked up, which may take its time.
     */
    @Override
    public boolean mayListen(String host, int port, Identity who) {
        return host != null && member(who).filter(m -> listens(m, host, port)).isPresent();
    }

    /** Whether this one may come as that. */
    boolean mayCome(Identity who, Spoken as) {
        return switch (as) {
            case MEMBER -> member(who).isPresent();
            case CLIENT -> who instanceof Identity.Pop pop && topology.pop(pop.pop()).isPresent();
        };
    }

    private Optional<RegionNode> member(Identity who) {
        return who instanceof Identity.RegionNode node && node.region().equals(region)
                ? nodes().stream().filter(known -> known.name().equals(node.node())).findFirst()
                : Optional.empty();
    }

    private List<RegionNode> nodes() {
        return topology.region(region).map(Region::nodes).orElse(List.of());
    }

    private boolean listens(RegionNode member, String host, int port) {
        return isAt(member.cluster(), host, port)
                || detours().stream().anyMatch(detour -> isAt(detour, host, port));
    }

    /** Behind a detour is any of the region's nodes. */
    private List<Address> detours() {
        List<Address> direct = nodes().stream().map(RegionNode::cluster).toList();
        return topology.clusterAddresses(self.value(), region).stream()
                .filter(address -> !direct.contains(address))
                .toList();
    }

    private static boolean isAt(Address listed, String host, int port) {
        return listed.port() == port
                && (listed.host().equalsIgnoreCase(host) || isSame(listed.host(), host));
    }

    private static boolean isSame(String one, String other) {
        try {
            List<InetAddress> first = List.of(InetAddress.getAllByName(one));
            return List.of(InetAddress.getAllByName(other)).stream().anyMatch(first::contains);
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
