package io.runnel.chaos.suite;

import java.util.HashMap;
import java.util.Map;

/** Loses packets on links, where they enter the fault proxy. One thread at a time. */
final class LinkLoss {
    /** What is counted, as the proxy counts what its toxics did. */
    static final String LOSS = "loss";

    private final PacketLoss packets;
    private final Map<LinkName, Integer> ports;

    /**
     * Loses nothing yet.
     *
     * @param ports where each link begins on this machine
     */
    LinkLoss(PacketLoss packets, Map<LinkName, Integer> ports) {
        this.packets = packets;
        this.ports = Map.copyOf(ports);
        this.ports.values().forEach(packets::watch);
    }

    /** Loses packets of a link, both ways. */
    void lose(Action.Lose action) {
        packets.lose(ports.get(action.link()), action.share());
    }

    /** Loses no more there. */
    void deliver(LinkName link) {
        packets.deliver(ports.get(link));
    }

    /** Loses nothing any more. */
    void heal() {
        ports.values().forEach(packets::deliver);
    }

    /** How many packets each link lost so far. */
    Map<LinkName, Long> lost() {
        Map<Integer, Long> byPort = packets.lost();
        Map<LinkName, Long> lost = new HashMap<>();
        ports.forEach((link, port) -> lost.put(link, byPort.getOrDefault(port, 0L)));
        return lost;
    }
}
