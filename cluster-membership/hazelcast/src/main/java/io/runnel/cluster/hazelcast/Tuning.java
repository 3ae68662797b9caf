package io.runnel.cluster.hazelcast;

import com.hazelcast.client.config.ClientConfig;
import com.hazelcast.client.config.ClientConnectionStrategyConfig.ReconnectMode;
import com.hazelcast.client.config.RoutingMode;
import com.hazelcast.config.Config;
import com.hazelcast.config.EvictionConfig;
import com.hazelcast.config.EvictionPolicy;
import com.hazelcast.config.JavaSerializationFilterConfig;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.MaxSizePolicy;
import com.hazelcast.config.NetworkConfig;
import com.hazelcast.config.SerializationConfig;

import io.runnel.topology.Address;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;

/**
 * How Hazelcast is set up. Every setting that is not its default is here, with the reason; the
 * defaults are made for large clusters that stand still: a silent peer is dead after a minute and
 * two halves of a cluster find each other after five.
 */
final class Tuning {
    /** Silence after which a peer is taken for dead. Two busy cores never paused a JVM for it. */
    private static final String DEAD_AFTER_SECONDS = "5";

    private static final Map<String, String> MEMBER =
            Map.ofEntries(
                    Map.entry("hazelcast.heartbeat.interval.seconds", "1"),
                    Map.entry("hazelcast.max.no.heartbeat.seconds", DEAD_AFTER_SECONDS),
                    Map.entry("hazelcast.client.max.no.heartbeat.seconds", DEAD_AFTER_SECONDS),
                    Map.entry("hazelcast.mastership.claim.timeout.seconds", "10"),
                    Map.entry("hazelcast.merge.first.run.delay.seconds", "2"),
                    Map.entry("hazelcast.merge.next.run.delay.seconds", "3"),
                    Map.entry("hazelcast.operation.call.timeout.millis", "5000"),
                    // Nobody else is waited for: who comes later joins later.
                    Map.entry("hazelcast.wait.seconds.before.join", "0"),
                    Map.entry("hazelcast.max.wait.seconds.before.join", "1"),
                    Map.entry("hazelcast.graceful.shutdown.max.wait", "3"),
                    // The node ends itself, in its own order.
                    Map.entry("hazelcast.shutdownhook.enabled", "false"),
                    // Only the address that it was given; the default is all of them.
                    Map.entry("hazelcast.socket.bind.any", "false"),
                    Map.entry("hazelcast.phone.home.enabled", "false"),
                    // Reads all that the JVM tells of itself, the texts of its commands included.
                    Map.entry("hazelcast.health.monitoring.level", "OFF"),
                    // The name of the cluster is a secret and would stand in every line.
                    Map.entry("hazelcast.logging.details.enabled", "false"),
                    Map.entry("hazelcast.logging.emoji.enabled", "false"),
                    Map.entry("hazelcast.member.naming.moby.enabled", "false"),
                    // A few entries for a few nodes: few threads, few partitions.
                    Map.entry("hazelcast.partition.count", "31"),
                    Map.entry("hazelcast.io.thread.count", "1"),
                    Map.entry("hazelcast.operation.thread.count", "2"),
                    Map.entry("hazelcast.operation.generic.thread.count", "2"),
                    Map.entry("hazelcast.operation.response.thread.count", "1"),
                    Map.entry("hazelcast.clientengine.thread.count", "2"),
                    Map.entry("hazelcast.clientengine.query.thread.count", "1"),
                    Map.entry("hazelcast.clientengine.blocking.thread.count", "2"),
                    Map.entry("hazelcast.event.thread.count", "1"),
                    Map.entry("hazelcast.event.queue.capacity", "10000"));

    private static final Map<String, String> CLIENT =
            Map.ofEntries(
                    Map.entry("hazelcast.client.heartbeat.interval", "1000"),
                    Map.entry("hazelcast.client.heartbeat.timeout", "5000"),
                    // Longer than the detection of a dead member, or what could be served fails.
                    Map.entry("hazelcast.client.invocation.timeout.seconds", "8"),
                    Map.entry("hazelcast.client.statistics.enabled", "false"),
                    Map.entry("hazelcast.client.event.thread.count", "1"),
                    Map.entry("hazelcast.client.event.queue.capacity", "10000"),
                    Map.entry("hazelcast.client.response.thread.count", "1"),
                    Map.entry("hazelcast.logging.details.enabled", "false"));

    /**
     * How long members that start look for somebody who leads already, before one of them does; the
     * default of 5 s is how long a region's cold start would take.
     */
    private static final int LEADER_SOUGHT_SECONDS = 2;

    private static final int CONNECT_TIMEOUT_MS = 2000;
    private static final int FIRST_BACKOFF_MS = 100;
    private static final int LONGEST_BACKOFF_MS = 1000;

    private Tuning() {}

    static Config member(MemberSettings settings, String secret) {
        Config config = new Config("runnel-" + settings.node());
        config.setClusterName(secret);
        MEMBER.forEach(config::setProperty);
        network(config.getNetworkConfig(), settings);
        config.getJetConfig().setEnabled(false);
        config.getMetricsConfig().setEnabled(false);
        config.getIntegrityCheckerConfig().setEnabled(false);
        closed(config.getSerializationConfig());
        config.addMapConfig(ofNodes(StatusMap.NAME));
        config.addMapConfig(ofNodes(StatusMap.NOTES));
        return config;
    }

    private static void network(NetworkConfig network, MemberSettings settings) {
        // A node that was killed comes back to its port, which its old connections still hold.
        network.setPort(settings.address().port())
                .setPortAutoIncrement(false)
                .setReuseAddress(true);
        network.getInterfaces().setEnabled(true).addInterface(ip(settings.address()));
        JoinConfig join = network.getJoin();
        join.getAutoDetectionConfig().setEnabled(false);
        join.getMulticastConfig().setEnabled(false);
        join.getTcpIpConfig()
                .setEnabled(true)
                .setConnectionTimeoutSeconds(LEADER_SOUGHT_SECONDS)
                .addMember(settings.address().toString());
        settings.peers().forEach(peer -> join.getTcpIpConfig().addMember(peer.toString()));
    }

    /** Interfaces have no names here. */
    private static String ip(Address address) {
        try {
            return InetAddress.getByName(address.host()).getHostAddress();
        } catch (UnknownHostException e) {
            throw new ClusterException(
                    ClusterException.Code.CANNOT_LISTEN,
                    "cluster cannot listen at %s: no such host".formatted(address),
                    e);
        }
    }

    /** In no backup that anybody waits for, and never more than the nodes that can be. */
    private static MapConfig ofNodes(String name) {
        return new MapConfig(name)
                .setBackupCount(0)
                .setAsyncBackupCount(1)
                .setStatisticsEnabled(false)
                .setEvictionConfig(
                        new EvictionConfig()
                                .setMaxSizePolicy(MaxSizePolicy.PER_NODE)
                                .setSize(Inbox.MOST_KEYS)
                                .setEvictionPolicy(EvictionPolicy.LRU));
    }

    static ClientConfig client(ClientSettings settings, String secret, SecuredLinks links) {
        ClientConfig config = new ClientConfig();
        config.setInstanceName("runnel-" + settings.node());
        config.setClusterName(secret);
        CLIENT.forEach(config::setProperty);
        settings.members()
                .forEach(member -> config.getNetworkConfig().addAddress(member.toString()));
        // With the other kinds of routing, a client that came by a proxy goes around it, to the
        // member's own address, when the proxy's link is cut.
        config.getNetworkConfig()
                .setConnectionTimeout(CONNECT_TIMEOUT_MS)
                .getClusterRoutingConfig()
                .setRoutingMode(RoutingMode.SINGLE_MEMBER);
        config.getNetworkConfig()
                .setSSLConfig(SecuredClient.by(links))
                .getAutoDetectionConfig()
                .setEnabled(false);
        config.getConnectionStrategyConfig()
                .setAsyncStart(true)
                .setReconnectMode(ReconnectMode.ASYNC)
                .getConnectionRetryConfig()
                .setInitialBackoffMillis(FIRST_BACKOFF_MS)
                .setMaxBackoffMillis(LONGEST_BACKOFF_MS)
                .setMultiplier(2)
                .setJitter(0.2)
                .setClusterConnectTimeoutMillis(-1);
        config.getMetricsConfig().setEnabled(false);
        closed(config.getSerializationConfig());
        return config;
    }

    /**
     * Of all classes, Java serialization makes only the exceptions by which members answer each
     * other: one that is missing here lets whoever asked wait until its timeout, and a member that
     * starts give up.
     */
    private static void closed(SerializationConfig serialization) {
        JavaSerializationFilterConfig filter = new JavaSerializationFilterConfig();
        filter.setDefaultsDisabled(true);
        filter.getWhitelist()
                .addPrefixes("com.hazelcast.spi.exception.", "[Ljava.lang.StackTraceElement;")
                .addClasses(
                        "com.hazelcast.core.ConsistencyLostException",
                        "com.hazelcast.core.HazelcastException",
                        "com.hazelcast.core.HazelcastInstanceNotActiveException",
                        "com.hazelcast.core.HazelcastOverloadException",
                        "com.hazelcast.core.IndeterminateOperationStateException",
                        "com.hazelcast.core.LocalMemberResetException",
                        "com.hazelcast.core.MemberLeftException",
                        "com.hazelcast.core.OperationTimeoutException",
                        "com.hazelcast.core.RuntimeInterruptedException",
                        "com.hazelcast.internal.cluster.impl.ClusterTopologyChangedException",
                        "com.hazelcast.internal.cluster.impl.ConfigMismatchException",
                        "com.hazelcast.internal.cluster.impl.MasterNodeChangedException",
                        "com.hazelcast.internal.cluster.impl.VersionMismatchException",
                        "com.hazelcast.internal.partition.PartitionStateVersionMismatchException",
                        "com.hazelcast.map.ReachedMaxSizeException",
                        "com.hazelcast.nio.serialization.HazelcastSerializationException",
                        "com.hazelcast.partition.NoDataMemberInClusterException",
                        "java.io.IOException",
                        "java.lang.Throwable",
                        "java.lang.Exception",
                        "java.lang.InterruptedException",
                        "java.lang.RuntimeException",
                        "java.lang.IllegalStateException",
                        "java.lang.IllegalArgumentException",
                        "java.lang.NullPointerException",
                        "java.lang.StackTraceElement",
                        "java.util.concurrent.CancellationException",
                        "java.util.concurrent.ExecutionException",
                        "java.util.concurrent.RejectedExecutionException",
                        "java.util.concurrent.TimeoutException",
                        "java.util.Collections$EmptyList");
        serialization.setJavaSerializationFilterConfig(filter);
    }
}
