package io.runnel.region.cli.supervisor;

import io.runnel.topology.Address;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Tells before anything starts which ports of the nodes somebody else has. */
public final class PortCheck {
    private PortCheck() {}

    /** One message for each address that cannot be opened, in the order of the nodes. */
    public static List<String> problems(List<LocalNode> nodes) {
        PortHolders holders = new PortHolders(Path.of("/proc"));
        return nodes.stream()
                .flatMap(n -> n.listeners().stream().map(l -> problem(n, l, holders)))
                .flatMap(Optional::stream)
                .toList();
    }

    private static Optional<String> problem(
            LocalNode node, LocalNode.Listener listener, PortHolders holders) {
        Address address = listener.address();
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(address.host(), address.port()));
            return Optional.empty();
        } catch (IOException e) {
            String what = "%s %s".formatted(node.section(), listener.what());
            return Optional.of(
                    holders.of(address.port())
                            .map(h -> taken(address.port(), what, "in use by " + h))
                            .orElseGet(() -> taken(address.port(), what, reason(address, e))));
        }
    }

    private static String taken(int port, String what, String why) {
        return "port %d (%s) is %s".formatted(port, what, why);
    }

    private static String reason(Address address, IOException e) {
        return "not to be had at %s: %s".formatted(address.host(), e.getMessage());
    }
}
