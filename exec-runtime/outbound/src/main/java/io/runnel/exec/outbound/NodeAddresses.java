package io.runnel.exec.outbound;

import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * The addresses of the network's nodes, and all of this machine's. Names are looked up again each
 * minute; one that cannot be resolved keeps what it had. Safe for any thread; may block.
 */
public final class NodeAddresses {
    private static final System.Logger LOG = System.getLogger(NodeAddresses.class.getName());
    private static final long EVERY_NANOS = Duration.ofMinutes(1).toNanos();

    private final List<String> hosts;
    private final LongSupplier nanoClock;
    private final NameResolver resolver;
    private final Set<InetAddress> known = new HashSet<>();
    private boolean looked;
    private long lookedNanos;

    /**
     * The nodes at these hosts.
     *
     * @param hosts names or addresses
     */
    public NodeAddresses(List<String> hosts, LongSupplier nanoClock) {
        this(hosts, nanoClock, NameResolver.ofSystem());
    }

    NodeAddresses(List<String> hosts, LongSupplier nanoClock, NameResolver resolver) {
        this.hosts = List.copyOf(hosts);
        this.nanoClock = nanoClock;
        this.resolver = resolver;
    }

    /** Whether a node, or this machine, has this address, or had it since this was made. */
    synchronized boolean contains(InetAddress address) {
        long nowNanos = nanoClock.getAsLong();
        if (!looked || nowNanos - lookedNanos >= EVERY_NANOS) {
            look();
            looked = true;
            lookedNanos = nowNanos;
        }
        return known.contains(address);
    }

    private void look() {
        for (String host : hosts) {
            try {
                known.addAll(Arrays.asList(resolver.resolve(host)));
            } catch (UnknownHostException e) {
                LOG.log(Level.WARNING, "a node''s name has no address: {0}", host);
            }
        }
        try {
            NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .forEach(known::add);
        } catch (SocketException e) {
            LOG.log(Level.WARNING, "cannot list this machine''s addresses: {0}", e.getMessage());
        }
    }
}
