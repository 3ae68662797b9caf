/**
 * What nodes say to nodes, over the listener {@code internal}: the change feed and its followers,
 * code by digest, the logs of tasks on their way home. Between them is TLS with both sides'
 * certificates ({@link io.runnel.cluster.replication.PeerTransport}), and almost everything here
 * stands behind {@link io.runnel.cluster.replication.PeerGate}; the mechanism is that of
 * US10216921. Stores are plugged in through ports: {@link io.runnel.cluster.replication.FeedLog},
 * {@link io.runnel.cluster.replication.FeedSink}, {@link io.runnel.cluster.replication.LogSink}.
 */
package io.runnel.cluster.replication;
