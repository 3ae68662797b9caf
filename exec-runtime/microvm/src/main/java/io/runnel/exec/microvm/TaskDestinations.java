package io.runnel.exec.microvm;

import io.runnel.exec.network.Destinations;
import io.runnel.exec.task.OutboundHost;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** The hosts that a task says it sends to, at their addresses on the internet. */
final class TaskDestinations implements Destinations {
    private final List<OutboundHost> hosts;
    private final NameLookup lookup;

    TaskDestinations(List<OutboundHost> hosts, NameLookup lookup) {
        this.hosts = hosts;
        this.lookup = lookup;
    }

    @Override
    public boolean knows(String name) {
        return hosts.stream()
                .anyMatch(
                        host ->
                                host.below()
                                        ? name.endsWith("." + host.name())
                                        : name.equals(host.name()));
    }

    /** Without a port of its own a host is there for HTTP and HTTPS. */
    @Override
    public boolean allows(String name, int port) {
        return hosts.stream()
                .anyMatch(host -> host.covers(name, port, false) || host.covers(name, port, true));
    }

    @Override
    public List<InetAddress> addresses(String name) throws UnknownHostException {
        return lookup.addresses(name);
    }
}
