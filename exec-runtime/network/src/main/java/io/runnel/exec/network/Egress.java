package io.runnel.exec.network;

import java.util.Optional;

/** Which of a guest's connections go on, and where. Guarded by the network's lock. */
final class Egress {
    private final Destinations destinations;
    private final NetworkSettings settings;
    private final NameTable names;
    private final Refusals refusals;

    Egress(
            Destinations destinations,
            NetworkSettings settings,
            NameTable names,
            Refusals refusals) {
        this.destinations = destinations;
        this.settings = settings;
        this.names = names;
        this.refusals = refusals;
    }

    NetworkSettings settings() {
        return settings;
    }

    NameTable names() {
        return names;
    }

    Destinations destinations() {
        return destinations;
    }

    /** The name that a guest means, if it may look it up. */
    boolean knows(String name) {
        boolean known = destinations.knows(name);
        if (!known) {
            refusals.add("look up " + name);
        }
        return known;
    }

    /** The name that a guest means by an address, if it may reach this port of it. */
    Optional<String> allowed(int address, int port) {
        String name = names.meant(address);
        if (destinations.allows(name, port)) {
            return Optional.of(name);
        }
        refusals.add("reach %s:%d".formatted(name, port));
        return Optional.empty();
    }

    /** How to connect, if it is allowed. */
    Optional<PeerConnection.Connector> connector(int address, int port) {
        return allowed(address, port)
                .map(
                        name ->
                                () ->
                                        Peer.connect(
                                                destinations.addresses(name),
                                                port,
                                                settings.connectLimit()));
    }
}
