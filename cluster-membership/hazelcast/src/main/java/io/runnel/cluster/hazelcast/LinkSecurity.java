package io.runnel.cluster.hazelcast;

import io.runnel.attestation.authority.NodeIdentity;
import io.runnel.attestation.tls.NodeTrust;
import io.runnel.topology.Topology;

import java.security.SecureRandom;
import java.time.InstantSource;

/**
 * What secures a node's links in a cluster: TLS 1.3, both ends with what their regions' authorities
 * certified. Keys and trust are asked for in each handshake, and every second whether they still
 * count.
 *
 * @param own what the node shows of itself, whichever it has at the time; without it, it waits
 * @param trust what it believes of others
 * @param topology who is to listen where, and who may come
 * @param clock when certificates are to be valid
 */
public record LinkSecurity(
        NodeIdentity own,
        NodeTrust trust,
        Topology topology,
        SecureRandom random,
        InstantSource clock) {

    /** Whether the node can show who it is. */
    boolean isCertified() {
        return own.certificate().isPresent();
    }
}
