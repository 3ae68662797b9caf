/**
 * What nodes say to nodes, over the listener {@code internal}: the change feed and its followers,
 * code by digest, the logs of tasks on their way home. Everything here stands behind {@link
 * io.runnel.cluster.replication.InternalGuard}. Stores are plugged in through ports: {@link
 * io.runnel.cluster.replication.FeedLog}, {@link io.runnel.cluster.replication.FeedSink}, {@link
 * io.runnel.cluster.replication.LogSink}.
 */
package io.runnel.cluster.replication;
