/**
 * Connections between nodes: TLS 1.3 in which both sides show who they are by what their regions'
 * authorities certified; and those of users with nodes, where only the node does. What each side
 * then may do is decided elsewhere. Knows of no transport: only of the engines of {@code
 * javax.net.ssl}.
 */
package io.runnel.attestation.tls;
